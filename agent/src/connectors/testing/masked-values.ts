/** A column declared so, with this in it, reads as this text. */
export interface MaskedValue {
  readonly type: string;
  readonly sql: string;
  readonly text: string | null;
}

const value = (type: string, sql: string, text: string | null): MaskedValue => ({ type, sql, text });

const ANYWHERE = [
  value('text', "'ana@example.org'", 'ana@example.org'),
  value('text', "''", ''),
  value('text', 'NULL', null),
  value('text', "'Ünal 🦆🦆 \" \\'", 'Ünal 🦆🦆 " \\'),
  value('integer', '-2147483648', '-2147483648'),
  value('bigint', '9007199254740993', '9007199254740993'),
  value('bigint', 'NULL', null),
  value('date', "'2024-02-29'", '2024-02-29'),
];

/** Of both MySQL and MariaDB. */
const MYSQL = [
  value('bigint unsigned', '18446744073709551615', '18446744073709551615'),
  value('numeric(12,3)', '1234567.890', '1234567.890'),
  value('double', '0.1', '0.1'),
  value('datetime(1)', "'2024-02-29 12:00:00.5'", '2024-02-29 12:00:00.5'),
  value('time', "'-838:59:59'", '-838:59:59'),
  value('year', '2024', '2024'),
  value('blob', "x'00ff5c22'", '\\x00ff5c22'),
  value('bit(10)', "b'1000000001'", '\\x0201'),
  value('json', `'{"a": [1, "x"]}'`, '{"a": [1, "x"]}'),
  value('boolean', 'true', '1'),
  value('boolean', 'NULL', null),
  value("enum('a','b')", "'b'", 'b'),
];

/** By the engine's name. */
export const MASKED_VALUES: Readonly<Record<string, readonly MaskedValue[]>> = {
  postgres: [
    ...ANYWHERE,
    value('numeric(12,3)', '1234567.890', '1234567.890'),
    value('float8', "'NaN'", 'NaN'),
    value('float8', '1e300', '1e+300'),
    value('timestamptz', "'2024-02-29 12:00:00.5+00'", '2024-02-29 12:00:00.5+00'),
    value('bytea', "'\\x00ff5c22'", '\\x00ff5c22'),
    value('uuid', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
    value('jsonb', `'{"a": [1, "x"]}'`, '{"a": [1, "x"]}'),
    value('boolean', 'true', 'true'),
    value('boolean', 'false', 'false'),
    value('boolean', 'NULL', null),
    value('text[]', "ARRAY['a b', NULL]", '{"a b",NULL}'),
  ],
  duckdb: [
    ...ANYWHERE,
    value('decimal(12,3)', '1234567.890', '1234567.890'),
    value('double', "'NaN'", 'NaN'),
    value('double', '1e300', '1e+300'),
    value('float', '0.1', '0.1'),
    value('timestamptz', "'2024-02-29 12:00:00.5+00'", '2024-02-29 12:00:00.5+00'),
    value('blob', "'\\x00\\xFF\\x5C\"'", '\\x00ff5c22'),
    value('uuid', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
    value('json', `'{"a": [1, "x"]}'`, '{"a": [1, "x"]}'),
    value('boolean', 'true', 'true'),
    value('boolean', 'NULL', null),
    value('varchar[]', "['a b', NULL]", '["a b",null]'),
    value('struct(a integer, b varchar)', "{'a': 1, 'b': 'x'}", '{"a":1,"b":"x"}'),
  ],
  sqlite: [
    ...ANYWHERE,
    value('numeric(12,3)', '1234567.890', '1234567.89'),
    value('real', '9e999', 'Infinity'),
    value('real', '1e300', '1e+300'),
    value('datetime', "'2024-02-29 12:00:00.5'", '2024-02-29 12:00:00.5'),
    value('blob', "x'00ff5c22'", '\\x00ff5c22'),
    value('json', `'{"a": [1, "x"]}'`, '{"a": [1, "x"]}'),
    value('boolean', 'true', '1'),
    value('boolean', 'NULL', null),
  ],
  snowflake: [
    ...ANYWHERE,
    value('decimal(12,3)', '1234567.890', '1234567.890'),
    value('double', "'NaN'", 'NaN'),
    value('boolean', 'true', 'true'),
    value('boolean', 'NULL', null),
  ],
  mysql: [...ANYWHERE, ...MYSQL],
  mariadb: [
    ...ANYWHERE,
    ...MYSQL,
    value('uuid', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
  ],
};
