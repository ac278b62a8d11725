import { TextRow } from '../text-row.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';
import { PacketReader } from './packets.ts';
import type { Session } from './session.ts';

/** Runs a catalog query of ours and collects its rows; every value in the server's text form. */
export async function queryText(session: Session, options: ExchangeOptions): Promise<TextRow[]> {
  const collector = new TextRows();
  await new Exchange(session, collector, options).run();
  return collector.rows;
}

/** The same, each row as it comes. What `onRow` throws ends the query. */
export async function forEachRow(
  session: Session,
  options: ExchangeOptions,
  onRow: (row: TextRow) => void,
): Promise<void> {
  let names: readonly string[] = [];
  const exchange = new Exchange(
    session,
    {
      fields: (fields) => {
        names = fields.map(({ name }) => name);
        return true;
      },
      row: (buffer, start, end) => {
        const reader = new PacketReader(buffer, start, end);
        try {
          onRow(
            new TextRow(
              names,
              names.map(() => reader.textOrNull()),
            ),
          );
        } catch (error) {
          exchange.fail(error);
        }
        return true;
      },
    },
    options,
  );
  await exchange.run();
}

/** Collects what a query of ours gives. */
export class TextRows {
  readonly rows: TextRow[] = [];
  #names: readonly string[] = [];

  fields(fields: readonly { readonly name: string }[]): boolean {
    this.#names = fields.map(({ name }) => name);
    return true;
  }

  row(buffer: Buffer, start: number, end: number): boolean {
    const reader = new PacketReader(buffer, start, end);
    this.rows.push(
      new TextRow(
        this.#names,
        this.#names.map(() => reader.textOrNull()),
      ),
    );
    return true;
  }
}
