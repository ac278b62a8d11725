/**
 * The agent's health check inside its container: 0 while the agent is linked to its control plane, 1 while not.
 * The agent opens no port to be asked at, so the kernel is asked whether it has a connection open to the
 * control plane; a link that went silent is closed by the agent itself within 45 seconds.
 */
import { lookup } from 'node:dns/promises';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isLinked } from './linked.ts';

const AGENT = 1;

function socketsOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
      if (inode !== undefined) inodes.add(inode);
    } catch {
      // Closed meanwhile.
    }
  }
  return inodes;
}

function tables(pid: number): string {
  return ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/${pid}/net/${name}`, 'latin1')).join('');
}

try {
  const { hostname, port, protocol } = new URL(process.env['BACKEND_WEBSOCKET_URI'] ?? '');
  const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
  const linked = isLinked({
    tables: tables(AGENT),
    inodes: socketsOf(AGENT),
    addresses: addresses.map(({ address }) => address),
    port: Number(port || (protocol === 'wss:' ? 443 : 80)),
  });
  process.stdout.write(linked ? 'Linked to the control plane.\n' : 'Not linked to the control plane.\n');
  process.exitCode = linked ? 0 : 1;
} catch (error) {
  process.stdout.write(`Not known: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
