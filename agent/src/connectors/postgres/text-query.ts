import { TextRow } from '../text-row.ts';
import { type Field, readDataRow } from './backend-messages.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';
import type { Session } from './session.ts';

/** Runs a catalog query of ours and collects its rows; every value in the server's text form. */
export async function queryText(session: Session, options: ExchangeOptions): Promise<TextRow[]> {
  const rows: TextRow[] = [];
  await forEachRow(session, options, (row) => rows.push(row));
  return rows;
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
      fields: (fields: readonly Field[]) => {
        names = fields.map(({ name }) => name);
        return true;
      },
      row: (buffer, start) => {
        try {
          onRow(new TextRow(names, readDataRow(buffer, start)));
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
