import { z } from 'zod';

/** What LOOK_AROUND prints, as JSON. */
export const Surroundings = z.object({
  uid: z.number(),
  gid: z.number(),
  capabilities: z.number(),
  newPrivileges: z.boolean(),
  programs: z.array(z.string()),
  writable: z.array(z.string()),
});

/** Runs in the container: who it is, what it could start, and the outermost folders that it can make a file in. */
export const LOOK_AROUND = `
const { join } = require('node:path');
const status = fs.readFileSync('/proc/self/status', 'utf8');
const field = (name) => parseInt(new RegExp(name + ':\\\\s*(\\\\w+)').exec(status)[1], 16);
const programs = new Set();
const writable = [];
const visit = (folder) => {
  if (['/proc', '/sys', '/dev'].includes(folder)) return;
  try { fs.writeFileSync(join(folder, 'probe'), ''); fs.unlinkSync(join(folder, 'probe')); writable.push(folder); return; } catch {}
  let entries = [];
  try { entries = fs.readdirSync(folder, { withFileTypes: true }); } catch {}
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) visit(path);
    else if (/(^|\\/)s?bin$/.test(folder) && !folder.startsWith('/app')) programs.add(entry.name);
  }
};
visit('/');
process.stdout.write(JSON.stringify({
  uid: process.getuid(), gid: process.getgid(), capabilities: field('CapEff') + field('CapBnd') + field('CapPrm'),
  newPrivileges: field('NoNewPrivs') === 0, programs: [...programs], writable: writable.sort(),
}));
`;
