import type { DatabaseSchema, SchemaColumn, SchemaTable } from '#core/schema.ts';

const column = (name: string, type: string, kind: SchemaColumn['kind'], nullable = false): SchemaColumn => ({
  ...{ name, type, kind, nullable, comment: null },
});

const table = (name: string, columns: SchemaColumn[], more: Partial<SchemaTable> = {}): SchemaTable => ({
  ...{ schema: 'public', name, kind: 'table', comment: null, columns, primaryKey: ['id'] },
  ...{ foreignKeys: [], uniqueKeys: [], rowEstimate: 100, readable: true, ...more },
});

export const SHOP: DatabaseSchema = {
  dialect: 'postgres',
  version: '15.0',
  defaultSchemas: ['public'],
  tables: [
    table('customers', [column('id', 'int8', 'integer'), column('name', 'text', 'text', true)], {
      comment: 'Who buys',
    }),
    table(
      'orders',
      [
        column('id', 'int8', 'integer'),
        column('customer_id', 'int8', 'integer'),
        column('placedAt', 'timestamptz', 'timestamp'),
      ],
      {
        foreignKeys: [
          { columns: ['customer_id'], references: { schema: 'public', table: 'customers', columns: ['id'] } },
        ],
      },
    ),
  ],
};

/** `count` tables of which each is as large as a real one. */
export function largeSchema(count: number): DatabaseSchema {
  const columns = Array.from({ length: 20 }, (_, index) => column(`attribute_${index}`, 'text', 'text'));
  const noise = Array.from({ length: count }, (_, index) => table(`noise_${index}`, columns));
  return { ...SHOP, tables: [...noise, ...SHOP.tables] };
}
