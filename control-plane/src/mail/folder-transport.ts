import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { MailTransport } from './message.ts';

/** Writes mails into a folder instead of sending them: everything works with nothing configured. */
export function folderTransport(folder: string, logger: Logger): MailTransport {
  return {
    name: 'folder',
    async send({ to, subject, text, html }, { key }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const base = join(folder, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${key.slice(0, 8)}`);
      const written = { mode: 0o600, flag: 'wx' } as const;
      await writeFile(`${base}.html`, html, written);
      await writeFile(`${base}.txt`, `To: ${to}\nSubject: ${subject}\n\n${text}`, written);
      logger.info({ file: `${base}.txt` }, 'a mail was written into the outbox');
    },
    close: () => Promise.resolve(),
  };
}
