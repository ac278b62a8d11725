import fc from 'fast-check';

type LeakDialect = 'postgres' | 'mysql' | 'mariadb' | 'sqlite' | 'duckdb';
type Form = (alias: string, inner: string) => string;

const MYSQL_FORMS: readonly Form[] = [
  (alias) => `json_arrayagg(${alias}.email)`,
  (alias) => `group_concat(${alias}.email)`,
  (alias) => `(select e from (select ${alias}.email as e) l)`,
  (_, inner) => `row(1, 2) in (${inner})`,
];

/**
 * Statements that try to get at users.email (masked), accounts.password and audit (denied) in every way that SQL has of
 * naming, renaming and combining columns. Most are valid: columns are chosen among those that their FROM has.
 */
export function arbitraryLeak(dialect: LeakDialect): fc.Arbitrary<string> {
  return fc
    .array(fc.nat({ max: 0xffff }), { minLength: 30, maxLength: 120, size: 'max' })
    .map((choices) => new Writer(choices, OWN_FORMS[dialect]).query([], 2).sql)
    .map((sql) => (UNSTABLE.has(dialect) ? withoutTies(sql) : sql));
}

/** Which of the rows that sort alike comes first depends on what else is in them, masked values too: no order, no difference. */
const UNSTABLE: ReadonlySet<LeakDialect> = new Set(['mysql', 'mariadb']);
const withoutTies = (sql: string): string => (sql.includes(' order by ') ? sql.replaceAll(' limit 1', '') : sql);

/** Expressions over the alias of a FROM item that only some engines have. */
const OWN_FORMS: Readonly<Record<LeakDialect, readonly Form[]>> = {
  postgres: [
    (alias) => `to_jsonb(${alias})`,
    (alias) => `${alias}::text`,
    (alias) => `(${alias}).email`,
    (alias) => `row(${alias}.*)::text`,
    (alias) => `array_agg(${alias})`,
    (alias) => `length(${alias})`,
    (_, inner) => `array(${inner})`,
    (alias) => `(select e from (select ${alias}.email as e) l)`,
  ],
  mysql: MYSQL_FORMS,
  mariadb: MYSQL_FORMS,
  sqlite: [
    (alias) => `${alias}.rowid`,
    (alias) => `group_concat(${alias}.email)`,
    (_, inner) => `(1, 2) in (${inner})`,
  ],
  duckdb: [
    (alias) => `${alias}::text`,
    (alias) => `to_json(${alias})`,
    (alias) => `list(${alias}.email)`,
    (alias) => `struct_pack(e := ${alias}.email)`,
    () => "max(columns('e.*'))",
    (alias) => `[x for x in [${alias}.email]]`,
    (_, inner) => `array(${inner})`,
  ],
};

const TABLES: Readonly<Record<string, readonly string[]>> = {
  users: ['id', 'email', 'country'],
  accounts: ['id', 'password'],
  orders: ['id', 'user_id', 'total'],
  contacts: ['id', 'email'],
  user_mails: ['id', 'address'],
  user_countries: ['country'],
  audit: ['id', 'note'],
};

/** Something a FROM brings into scope. */
interface Source {
  readonly alias: string;
  readonly columns: readonly string[];
}

interface Query {
  readonly sql: string;
  readonly columns: readonly string[];
}

/** Writes by the choices it was given; when they are used up, the first of everything. */
class Writer {
  readonly #choices: readonly number[];
  readonly #ownForms: (typeof OWN_FORMS)[LeakDialect];
  #next = 0;
  #aliases = 0;

  constructor(choices: readonly number[], ownForms: (typeof OWN_FORMS)[LeakDialect]) {
    this.#choices = choices;
    this.#ownForms = ownForms;
  }

  #choose<T>(items: readonly [T, ...T[]]): T {
    const choice = this.#choices[this.#next++] ?? 0;
    return items[choice % items.length] ?? items[0];
  }

  /** True one time in `often`. */
  #sometimes(often: number): boolean {
    return (this.#choices[this.#next++] ?? 1) % often === 0;
  }

  query(expressions: readonly Source[], depth: number): Query {
    const inner = depth > 0 && this.#sometimes(5) ? this.query(expressions, depth - 1) : null;
    const name = this.#choose(['q', 'orders', 'users']);
    const scope = inner === null ? expressions : [...expressions, { alias: name, columns: inner.columns }];
    const from = this.#from(scope, depth);
    const list = this.#list(from.sources, depth);
    const union = depth > 0 && this.#sometimes(8) ? ` union all ${this.query(scope, 0).sql}` : '';
    const sql = [
      inner === null ? '' : `with ${name} as (${inner.sql}) `,
      `select ${this.#sometimes(8) ? 'distinct ' : ''}${list.sql} from ${from.sql}`,
      this.#sometimes(3) ? ` where ${this.#condition(from.sources, depth)}` : '',
      this.#sometimes(8) ? ` group by ${this.#term(from.sources, list.columns)}` : '',
      union,
      this.#sometimes(3) ? ` order by ${this.#term(from.sources, list.columns)}` : '',
      this.#sometimes(4) ? ' limit 1' : '',
    ];
    return { sql: sql.join(''), columns: list.columns };
  }

  #from(expressions: readonly Source[], depth: number): { readonly sql: string; readonly sources: readonly Source[] } {
    const first = this.#source(expressions, depth);
    if (!this.#sometimes(2)) return { sql: first.sql, sources: [first] };
    const second = this.#source(expressions, depth);
    const common = first.columns.find((column) => second.columns.includes(column));
    const join = this.#choose(['join', 'natural join', 'using', ',', 'left join']);
    const sql =
      join === ','
        ? `${first.sql}, ${second.sql}`
        : join === 'natural join'
          ? `${first.sql} natural join ${second.sql}`
          : join === 'using' && common !== undefined
            ? `${first.sql} join ${second.sql} using (${common})`
            : `${first.sql} ${join === 'using' ? 'join' : join} ${second.sql} on ${this.#reference([first])} = ${this.#reference([second])}`;
    return { sql, sources: [first, second] };
  }

  #source(expressions: readonly Source[], depth: number): Source & { readonly sql: string } {
    const alias = this.#choose(['', 'u', 'o', 'x']);
    const given = alias === '' ? '' : `${alias}${++this.#aliases}`;
    if (depth > 0 && this.#sometimes(4)) {
      const { sql, columns } = this.query(expressions, depth - 1);
      const name = given || `d${++this.#aliases}`;
      return { sql: `(${sql}) as ${name}`, alias: name, columns };
    }
    const known = this.#sometimes(3) ? expressions.at(-1) : undefined;
    const name =
      known?.alias ??
      this.#choose([
        'users',
        'users',
        'users',
        'users',
        'orders',
        'contacts',
        'user_countries',
        'user_mails',
        'accounts',
        'audit',
      ]);
    const columns = known?.columns ?? expressions.find((one) => one.alias === name)?.columns ?? TABLES[name] ?? [];
    return { sql: given === '' ? name : `${name} as ${given}`, alias: given || name, columns };
  }

  #list(sources: readonly Source[], depth: number): Query {
    const items = Array.from({ length: 1 + ((this.#choices[this.#next++] ?? 0) % 3) }, () =>
      this.#item(sources, depth),
    );
    return { sql: items.map(({ sql }) => sql).join(', '), columns: items.flatMap(({ columns }) => columns) };
  }

  #item(sources: readonly Source[], depth: number): Query {
    if (this.#sometimes(6)) return { sql: '*', columns: sources.flatMap(({ columns }) => columns) };
    const [first] = sources;
    if (first !== undefined && this.#sometimes(8)) return { sql: `${first.alias}.*`, columns: first.columns };
    const expression = this.#sometimes(3) ? this.#expression(sources, depth) : this.#reference(sources);
    const name = this.#choose(['', 'e', 'email', 'id']);
    if (name !== '') return { sql: `${expression} as ${name}`, columns: [name] };
    return { sql: expression, columns: [expression.replace(/^.*\./, '')] };
  }

  /** A column, mostly one of those there are. */
  #reference(sources: readonly Source[]): string {
    const [first = { alias: 'x', columns: [] }, ...others] = sources;
    const { alias, columns } = this.#choose([first, ...others]);
    const [any = 'id', ...rest] = this.#sometimes(12) ? ['email', 'password', 'rowid', 'address'] : columns;
    const wanted = columns.find((column) => column === 'email');
    const column = wanted !== undefined && this.#sometimes(3) ? wanted : this.#choose([any, ...rest]);
    return this.#sometimes(2) ? `${alias}.${column}` : column;
  }

  #expression(sources: readonly Source[], depth: number): string {
    const column = this.#reference(sources);
    const forms: readonly [() => string, ...(() => string)[]] = [
      () => `upper(${column})`,
      () => `count(${column})`,
      () => `${column} || ''`,
      () => `coalesce(${column}, ${this.#reference(sources)})`,
      () => `case when ${column} = 'a@x' then 1 else 0 end`,
      () => `count(*) over (order by ${column})`,
      () => `(${depth > 0 ? this.query([], 0).sql : 'select 1'})`,
      () => 'count(*)',
      ...this.#ownForms.map((form) => () => form(sources[0]?.alias ?? 'users', this.query([], 0).sql)),
    ];
    return this.#choose(forms)();
  }

  #condition(sources: readonly Source[], depth: number): string {
    const column = this.#reference(sources);
    const forms: readonly [() => string, ...(() => string)[]] = [
      () => `${column} is not null`,
      () => `${column} = 'a@x'`,
      () => `${column} = ${this.#reference(sources)}`,
      () => `exists (${depth > 0 ? this.query([], depth - 1).sql : 'select 1'})`,
      () => `${column} in (${depth > 0 ? this.query([], depth - 1).sql : 'select 1'})`,
      () => `${column} like 'a%'`,
    ];
    return this.#choose(forms)();
  }

  #term(sources: readonly Source[], columns: readonly string[]): string {
    const [first = 'id', ...others] = columns;
    return this.#choose([this.#reference(sources), '1', '2', 'e', this.#choose([first, ...others])]);
  }
}
