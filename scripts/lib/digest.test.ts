import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'digest ü '));
afterAll(() => rmSync(folder, { recursive: true }));

function digest(): string {
  return execFileSync(process.execPath, [join(import.meta.dirname, 'digest.ts'), 'sources', 'one.json'], {
    cwd: folder,
    encoding: 'utf8',
  });
}

it('changes with names and contents, not with times and tests', () => {
  mkdirSync(join(folder, 'sources'));
  const file = join(folder, 'sources', 'a.ts');
  writeFileSync(file, 'a');
  writeFileSync(join(folder, 'one.json'), '{}');
  const before = digest();
  expect(before).toMatch(/^[0-9a-f]{64}\n$/);

  utimesSync(file, 0, 0);
  writeFileSync(join(folder, 'sources', 'a.test.ts'), 'test');
  expect(digest()).toBe(before);

  writeFileSync(file, 'b');
  const changed = digest();
  expect(changed).not.toBe(before);
  renameSync(file, join(folder, 'sources', 'b.ts'));
  expect(digest()).not.toBe(changed);
});
