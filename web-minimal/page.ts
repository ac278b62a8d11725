import type { Html } from './html.ts';

/** What a page says, before the layout is put around it. */
export interface Page {
  /** Of the tab and of the heading. */
  readonly title: string;
  readonly main: Html;
  /** Something went wrong: the tab says so first. */
  readonly failed?: boolean;
}
