/** What the suite runs, as the engine's own text. In SQL it is sql-statements.ts for every engine. */
export interface Statements {
  /** One row. */
  readonly one: string;
  /** One row whose one column is the sample's value. */
  value(sample: string): string;
  /** All of customer by id: the columns id, name and note, by the names that the engine has for them. */
  readonly customers: string;
  /** One column twice. */
  readonly twice?: string;
  /** The columns id and name of customer, and no row. */
  readonly noCustomers: string;
  /** All of "order". */
  readonly orders: string;
  /** Name of the customer with that id, 1 to 3. */
  customer(id: number): string;
  /** All columns of the customer with that id. */
  customerStar(id: number): string;
  /** The column note alone, by id. */
  readonly notes: string;
  readonly countCustomers: string;
  /** The one row of `valued`, all its columns and no others. */
  readonly valued: string;
  /** plain, then "Größe ""x""", then nothing else; by id. */
  readonly wideOne: string;
  /** The view buyer: "Called", then number. */
  readonly buyers?: string;
  /** Columns that are not there, and a table that is not. */
  readonly noColumn?: string;
  readonly noTable: string;
  /** The table `made` that a write would have made. */
  readonly made: string;
  /** customer's name under other names and beside others: note, name, id as name, name as x, name; ids 1 and 2. */
  readonly renamed?: string;
  /** Star of supplier, then star of customer, joined by id, by id. */
  readonly joined?: string;
  /** Statements that read name of customer and do not show it as itself, each for a mask that is named. */
  readonly hidden: readonly { readonly statement: string; readonly table: string; readonly column: string }[];
  /** customer with the condition that id is 2, and customer as a whole. */
  readonly planned: { readonly one: string; readonly all: string };
}
