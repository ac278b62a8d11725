import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Posture } from '#core/posture.ts';
import { openConnector } from '../../registry.ts';

const PROGRAM = fileURLToPath(new URL('../../testing/print-posture.ts', import.meta.url));
const NOBODY = 65_534;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custard-posture-'));
  await chmod(folder, 0o755);
  path = join(folder, "the shop's.db");
  makeFile('DELETE');
});
afterEach(async () => {
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true });
});

function makeFile(mode: 'DELETE' | 'WAL'): void {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE IF NOT EXISTS t (a)`);
  database.close();
}

async function grade(): Promise<Posture> {
  const connector = await openConnector({ dialect: 'sqlite', path });
  try {
    return Posture.parse(await connector.posture({ signal: AbortSignal.timeout(10_000) }));
  } finally {
    await connector.close();
  }
}

/** To root everything is writable: then the question is asked as nobody. */
async function gradeWithoutRights(): Promise<Posture> {
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, `sqlite:${path}`], { ...user, cwd: folder });
  return Posture.parse(JSON.parse(stdout));
}

const found = ({ findings }: Posture): string[] => findings.map(({ severity, code }) => `${severity} ${code}`);

describe('the grade of a SQLite file', () => {
  it('is acceptable where this user may write it, and names the file in what to run', async () => {
    const posture = await grade();
    expect(posture.grade).toBe('acceptable');
    expect(found(posture)).toEqual(['warn file_writable']);
    expect(posture.leastPrivilege).toContain(`chmod g+r,g-w,o-w '${folder}/the shop'\\''s.db'`);
  });

  it('is good where file and folder can only be read', async () => {
    await chmod(path, 0o444);
    await chmod(folder, 0o555);
    const posture = await gradeWithoutRights();
    expect(found(posture)).toEqual([]);
    expect(posture.grade).toBe('good');
  });

  it('is bad where every user may write the file', async () => {
    await chmod(path, 0o666);
    expect(found(await grade())).toEqual(['bad file_open_to_all']);
  });

  it('tells a folder that every user may write', async () => {
    await chmod(folder, 0o1777);
    expect(found(await grade())).toEqual(['warn file_writable', 'warn folder_open_to_all']);
  });

  it('tells what WAL mode needs, with and without the right to it', async () => {
    makeFile('WAL');
    expect(found(await grade())).toEqual(['warn file_writable', 'info wal']);
    expect((await grade()).leastPrivilege).toContain('PRAGMA journal_mode = DELETE');
    const writer = new DatabaseSync(path);
    writer.exec('INSERT INTO t VALUES (1)');
    await chmod(path, 0o444);
    await chmod(folder, 0o555);
    expect(found(await gradeWithoutRights())).toEqual(['warn wal_needs_folder']);
    writer.close();
  });

  it('says of a missing file and of another kind what every call says', async () => {
    await rm(path);
    await expect(grade()).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
    await writeFile(path, 'no database at all, but some text of more than a page'.repeat(200));
    await expect(grade()).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
  });
});
