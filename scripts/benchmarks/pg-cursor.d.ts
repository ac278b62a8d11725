declare module 'pg-cursor' {
  import type { CustomTypesConfig, Submittable } from 'pg';

  /** The part of pg-cursor's interface that the reference readers use. */
  // biome-ignore lint/style/noDefaultExport: it is how pg-cursor is exported
  export default class Cursor<Row> implements Submittable {
    constructor(sql: string, values: unknown[], options: { rowMode: 'array'; types?: CustomTypesConfig });
    submit(connection: unknown): void;
    read(rowCount: number): Promise<Row[]>;
    close(): Promise<void>;
  }
}
