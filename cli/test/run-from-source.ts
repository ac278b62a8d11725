/** The command as it stands in the sources, with no build: for tests. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '#cli/main.ts';

await main({ root: dirname(dirname(dirname(fileURLToPath(import.meta.url)))), commands: './cli/src/commands' });
