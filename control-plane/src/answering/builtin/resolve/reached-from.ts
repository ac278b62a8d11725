import type { Instance, Select } from '../logical-form.ts';

/** What has one row at most for each row of this. */
export function reachedFrom({ joins }: Select, instance: Instance): ReadonlySet<Instance> {
  const reached = new Set<Instance>([instance]);
  for (let before = 0; before < reached.size; ) {
    before = reached.size;
    for (const { from, to, forward } of joins) {
      if (forward && reached.has(from)) reached.add(to);
      if (!forward && reached.has(to)) reached.add(from);
    }
  }
  return reached;
}
