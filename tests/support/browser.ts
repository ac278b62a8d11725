import {
  type BrowserContext,
  type BrowserContextOptions,
  type Browser as Chromium,
  chromium,
  type Page,
} from 'playwright-core';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
];

/** Debian's Chromium; scripts/test installs it and says where it is. */
export async function startChromium(): Promise<Chromium> {
  const executablePath = process.env['CUSTARD_TEST_CHROMIUM'];
  if (executablePath === undefined) {
    throw new Error('CUSTARD_TEST_CHROMIUM is not set: run scripts/test, or set it to the program of a Chromium.');
  }
  return await chromium.launch({ executablePath, args: FLAGS, headless: true });
}

/** A visitor with cookies of their own, and what their browser complained of and asked for. */
export class Visit implements AsyncDisposable {
  readonly page: Page;
  readonly #context: BrowserContext;
  /** Whatever the console said: a violation of the CSP stands there. */
  readonly complaints: string[] = [];
  readonly requested: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('console', (message) => this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => this.requested.push(request.url()));
  }

  static async start(browser: Chromium, options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, ...options });
    context.setDefaultTimeout(15_000);
    return new Visit(context, await context.newPage());
  }

  async heading(): Promise<string> {
    return await this.page.getByRole('heading', { level: 1 }).innerText();
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#context.close();
  }
}
