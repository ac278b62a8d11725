import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './until.ts';

export interface WrittenMail {
  readonly file: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The token of its link; empty when it has none. */
  readonly token: string;
}

/** The mails a server wrote into its folder, each read once. */
export class Outbox {
  readonly #folder: string;
  readonly #read = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The next mail to that address. */
  async next(to: string): Promise<WrittenMail> {
    return await until(`a mail to ${to}`, async () => {
      const mail = (await this.all()).find((one) => one.to === to && !this.#read.has(one.file));
      if (mail !== undefined) this.#read.add(mail.file);
      return mail;
    });
  }

  async all(): Promise<WrittenMail[]> {
    const files = await readdir(this.#folder).catch(() => []);
    const texts = files.filter((file) => file.endsWith('.txt')).toSorted();
    return await Promise.all(texts.map((file) => this.#mail(file)));
  }

  async #mail(file: string): Promise<WrittenMail> {
    const written = await readFile(join(this.#folder, file), 'utf8');
    const [, to = '', subject = '', text = ''] = /^To: (.*)\nSubject: (.*)\n\n([\s\S]*)$/.exec(written) ?? [];
    return { file, to, subject, text, token: /[?&]token=([\w-]+)/.exec(text)?.[1] ?? '' };
  }
}
