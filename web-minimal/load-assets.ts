import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

export interface Assets {
  /** By the name in their address, which has a piece of their hash in it: what has a name never changes. */
  readonly files: ReadonlyMap<string, Asset>;
  /** From the name in the repository to the one in the address. */
  readonly names: Readonly<Record<AssetName, string>>;
}

const ASSETS = ['style.css', 'page.js', 'icon.svg'] as const;
type AssetName = (typeof ASSETS)[number];

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Read once, when a server starts. The same address holds in the repository and from a chunk in dist/chunks. */
export function loadAssets(): Assets {
  const folder = new URL('../web-minimal/assets/', import.meta.url);
  const loaded = ASSETS.map((name) => {
    const body = readFileSync(new URL(name, folder));
    const extension = extname(name);
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
    const address = `${name.slice(0, -extension.length)}-${hash}${extension}`;
    return { name, address, asset: { type: TYPES[extension] ?? '', body } };
  });
  return {
    files: new Map(loaded.map(({ address, asset }) => [address, asset])),
    names: Object.fromEntries(loaded.map(({ name, address }) => [name, address])) as Record<AssetName, string>,
  };
}
