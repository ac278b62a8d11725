/** @param values at least one */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new RangeError('No values to take a percentile of.');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/**
 * The medians of several ways to do the same, taken in turns, so that whatever else the machine is doing
 * meets each of them alike. Each is run once before, to be warm.
 *
 * @param candidates run the thing once and resolve to its milliseconds
 */
export async function alternate<Name extends string>(
  candidates: Readonly<Record<Name, () => Promise<number>>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const entries = Object.entries<() => Promise<number>>(candidates).map(([name, run]) => ({
    name,
    run,
    taken: [] as number[],
  }));
  for (const { run } of entries) await run();
  for (let round = 0; round < rounds; round++) {
    for (const { run, taken } of entries) taken.push(await run());
  }
  return Object.fromEntries(entries.map(({ name, taken }) => [name, median(taken)])) as Record<Name, number>;
}
