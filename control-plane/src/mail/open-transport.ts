import type { Logger } from 'pino';
import type { MailConfig } from '../env.ts';
import { folderTransport } from './folder-transport.ts';
import type { MailTransport } from './message.ts';
import { resendTransport } from './resend-transport.ts';
import { smtpTransport } from './smtp-transport.ts';

export async function openTransport(config: MailConfig, logger: Logger): Promise<MailTransport> {
  const { transport, from } = config;
  switch (transport.kind) {
    case 'smtp':
      return await smtpTransport({ url: transport.url, from });
    case 'resend':
      return await resendTransport({ apiKey: transport.apiKey, baseUrl: transport.baseUrl, from });
    case 'folder':
      return folderTransport(transport.folder, logger);
    default:
      return transport satisfies never;
  }
}
