import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { shopStatements } from './shop-statements.ts';

/** One more whenever the shop's data or tables change, so that yesterday's generator's file is not taken for today's. */
const GENERATOR_VERSION = 1;
const FINISHED = /^shop-\d{4}-\d\d-\d\d-v\d+\.sqlite$/;
const UNFINISHED = /^shop-.*\.tmp$/;
/** An unfinished file this old has lost its maker. */
const ABANDONED_AFTER_MS = 60 * 60_000;
/** So that whoever draws a progress line gets to draw it. */
const STATEMENTS_PER_TURN = 20;

export interface ShopOptions {
  /** Made if it is not there. Files named shop-* in it belong to the demo. */
  readonly directory: string;
  /** YYYY-MM-DD; see shopStatements. */
  readonly today: string;
}

/**
 * The demo shop as an SQLite file: the one of this day if it is there, else made anew, and the files of
 * other days removed. Several processes may call this at the same time. Takes a second or two.
 */
export async function ensureShopDatabase({
  directory,
  today,
}: ShopOptions): Promise<{ path: string; created: boolean }> {
  await mkdir(directory, { recursive: true });
  const name = `shop-${today}-v${GENERATOR_VERSION}.sqlite`;
  const path = join(directory, name);
  if (await isFile(path)) return { path, created: false };
  // Renamed once it is whole: nobody ever opens half a shop.
  const unfinished = join(directory, `shop-${randomUUID()}.tmp`);
  try {
    await writeShop(unfinished, today);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  await removeOthers(directory, name);
  return { path, created: true };
}

async function writeShop(path: string, today: string): Promise<void> {
  const database = new DatabaseSync(path);
  try {
    // No journal: a file that is not finished is thrown away.
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    let statements = 0;
    for (const statement of shopStatements(today)) {
      database.exec(statement);
      if (++statements % STATEMENTS_PER_TURN === 0) await setImmediate();
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function removeOthers(directory: string, kept: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (name === kept) continue;
    if (FINISHED.test(name) || (UNFINISHED.test(name) && (await isAbandoned(path)))) await rm(path, { force: true });
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

async function isAbandoned(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS;
}
