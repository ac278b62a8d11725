import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

interface DeclarationOptions {
  readonly root: string;
  readonly folder: string;
  /** Without an extension, from the root. */
  readonly entries: readonly string[];
}

const SPECIFIER = /(from |import\()(['"])([^'"]+)\2/g;

/**
 * Writes the types of the entries and of all that they name, for whoever writes a connector. What the
 * compiler makes is kept as it is, but for the names of files: outside of this repository `#core/` is nothing.
 */
export function writeDeclarations({ root, folder, entries }: DeclarationOptions): void {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'core', 'agent'], {
    ...{ cwd: root, stdio: 'inherit' },
  });
  const written = new Set<string>();
  const pending = [...entries];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (written.has(file)) continue;
    written.add(file);
    const from = file;
    const text = readFileSync(join(root, '.tsc', project(file), `${file}.d.ts`), 'utf8');
    const named = text.replace(SPECIFIER, (whole, before: string, quote: string, name: string) => {
      const target = fileOf(name, from);
      if (target === null) return whole;
      pending.push(target);
      const path = relative(dirname(from), target).replaceAll('\\', '/');
      return `${before}${quote}${path.startsWith('.') ? path : `./${path}`}.js${quote}`;
    });
    const output = join(folder, `${file}.d.ts`);
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, named.replace(/^\/\/# sourceMappingURL=.*$/m, ''));
  }
}

const project = (file: string): string => file.split('/')[0] ?? '';

/** Null for a package's. */
function fileOf(name: string, from: string): string | null {
  const path = name.startsWith('#core/')
    ? name.slice(1)
    : name.startsWith('#agent/')
      ? `agent/src/${name.slice(7)}`
      : name;
  if (!path.endsWith('.ts')) return null;
  const whole = name.startsWith('.') ? posix.join(posix.dirname(from), path) : path;
  return whole.slice(0, -'.ts'.length);
}
