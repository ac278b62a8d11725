import { TextRow } from '../text-row.ts';
import { type Field, readDataRow } from './backend-messages.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';
import type { Session } from './session.ts';

/** Runs a catalog query of ours and collects its rows; every value in the server's text form. */
export async function queryText(session: Session, options: ExchangeOptions): Promise<TextRow[]> {
  const rows: TextRow[] = [];
  let names: readonly string[] = [];
  const exchange = new Exchange(
    session,
    {
      fields: (fields: readonly Field[]) => {
        names = fields.map(({ name }) => name);
        return true;
      },
      row: (buffer, start) => {
        rows.push(new TextRow(names, readDataRow(buffer, start)));
        return true;
      },
    },
    options,
  );
  await exchange.run();
  return rows;
}
