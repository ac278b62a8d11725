import { connector } from './connector.js';

/** For the contract suite, which kills it: `node forever.js FOLDER STATEMENT MILLISECONDS`. Says when it has connected. */
const [, , url = '', statement = '', timeoutMs = ''] = process.argv;
const signal = new AbortController().signal;
const database = { url, host: null, port: null, user: null, password: null, name: null };
const opened = await connector.open(database);
await opened.ping({ signal });
process.stdout.write('connected\n');
const limits = { rows: 1, bytes: 1_000, timeoutMs: Number(timeoutMs) };
const options = { statement, limits, masks: [], maskKey: Buffer.alloc(32), signal };
await opened.run(options, { columns: () => undefined, chunk: () => undefined });
