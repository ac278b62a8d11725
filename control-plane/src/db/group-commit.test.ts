import { expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';

it('writes together what comes together, and what comes meanwhile after it', async () => {
  const groups: number[][] = [];
  const writing = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const commits = new GroupCommit<number>({
    write: async (items) => {
      groups.push([...items]);
      await writing[groups.length - 1]?.promise;
    },
    ...{ delayMs: 0, maxPending: 10 },
  });
  const first = [commits.submit(1), commits.submit(2)];
  await new Promise(setImmediate);
  const second = [commits.submit(3), commits.submit(4)];
  writing[0]?.resolve();
  await Promise.all(first);
  writing[1]?.resolve();
  await Promise.all(second);
  expect(groups).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

it('tells everybody of a group when it fails, and goes on', async () => {
  let fail = true;
  const commits = new GroupCommit<number>({
    write: async () => {
      if (fail) throw new Error('full');
    },
    ...{ delayMs: 0, maxPending: 10 },
  });
  const results = await Promise.allSettled([commits.submit(1), commits.submit(2)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fail = false;
  await commits.submit(3);
});

it('refuses more than may wait, and drains what was taken', async () => {
  const written: number[] = [];
  const commits = new GroupCommit<number>({
    write: async (items) => void written.push(...items),
    ...{ delayMs: 60_000, maxPending: 2 },
  });
  const taken = [commits.submit(1), commits.submit(2)];
  await expect(commits.submit(3)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  await commits.drain();
  await Promise.all(taken);
  expect(written).toEqual([1, 2]);
});
