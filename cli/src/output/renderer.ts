import type { Column, Row } from '#core/values.ts';

/** Rows as text, for formats that can be written while rows still come. */
export interface Renderer {
  /** `sample` holds the first rows, to choose a layout by; they come again through `rows`. */
  head(columns: readonly Column[], sample: readonly Row[]): string;
  rows(rows: readonly Row[]): string;
  /** The same from whole row lines, where a format can do without parsing them. */
  lines?(lines: Buffer): Uint8Array;
  foot(): string;
  /** What was not shown, one sentence each; asked for at the end. */
  omissions(): readonly string[];
}

/** How text is written: as it is, or with what could steer a terminal shown. */
export type Shown = (text: string) => string;
