/**
 * The demo shop's tables, in an order in which each refers only to those before it, and in SQL that
 * SQLite and PostgreSQL both take. Amounts are euros with two decimals, see roundAmount in shop-rows.ts.
 */
export interface Table {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, definition: string])[];
}

const ID = ['id', 'INTEGER PRIMARY KEY'] as const;
const MONEY = 'DECIMAL(10,2) NOT NULL';

export const TABLES = {
  regions: {
    name: 'regions',
    columns: [ID, ['name', 'VARCHAR(60) NOT NULL UNIQUE'], ['country', 'VARCHAR(60) NOT NULL']],
  },
  employees: {
    name: 'employees',
    columns: [
      ID,
      ['first_name', 'VARCHAR(60) NOT NULL'],
      ['last_name', 'VARCHAR(60) NOT NULL'],
      ['email', 'VARCHAR(120) NOT NULL UNIQUE'],
      ['job_title', 'VARCHAR(60) NOT NULL'],
      ['manager_id', 'INTEGER REFERENCES employees (id)'],
      ['region_id', 'INTEGER REFERENCES regions (id)'],
      ['hired_on', 'DATE NOT NULL'],
      ['salary', MONEY],
    ],
  },
  categories: {
    name: 'categories',
    columns: [ID, ['name', 'VARCHAR(60) NOT NULL UNIQUE'], ['parent_id', 'INTEGER REFERENCES categories (id)']],
  },
  products: {
    name: 'products',
    columns: [
      ID,
      ['sku', 'VARCHAR(20) NOT NULL UNIQUE'],
      ['name', 'VARCHAR(120) NOT NULL'],
      ['category_id', 'INTEGER NOT NULL REFERENCES categories (id)'],
      ['description', 'TEXT'],
      ['unit_price', MONEY],
      ['unit_cost', MONEY],
      ['weight_grams', 'INTEGER'],
      ['stock_quantity', 'INTEGER NOT NULL'],
      ['discontinued', 'BOOLEAN NOT NULL'],
      ['launched_on', 'DATE NOT NULL'],
    ],
  },
  customers: {
    name: 'customers',
    columns: [
      ID,
      ['first_name', 'VARCHAR(60) NOT NULL'],
      ['last_name', 'VARCHAR(60) NOT NULL'],
      ['company', 'VARCHAR(120)'],
      ['email', 'VARCHAR(120) UNIQUE'],
      ['phone', 'VARCHAR(40)'],
      ['city', 'VARCHAR(60)'],
      ['region_id', 'INTEGER NOT NULL REFERENCES regions (id)'],
      ['newsletter', 'BOOLEAN NOT NULL'],
      ['signed_up_at', 'TIMESTAMP NOT NULL'],
    ],
  },
  orders: {
    name: 'orders',
    columns: [
      ID,
      ['customer_id', 'INTEGER NOT NULL REFERENCES customers (id)'],
      ['employee_id', 'INTEGER REFERENCES employees (id)'],
      ['channel', 'VARCHAR(20) NOT NULL'],
      ['status', 'VARCHAR(20) NOT NULL'],
      ['ordered_at', 'TIMESTAMP NOT NULL'],
      ['shipped_at', 'TIMESTAMP'],
      ['delivered_at', 'TIMESTAMP'],
      ['shipping_fee', MONEY],
      ['total_amount', MONEY],
    ],
  },
  orderItems: {
    name: 'order_items',
    columns: [
      ID,
      ['order_id', 'INTEGER NOT NULL REFERENCES orders (id)'],
      ['product_id', 'INTEGER NOT NULL REFERENCES products (id)'],
      ['quantity', 'INTEGER NOT NULL'],
      ['unit_price', MONEY],
      ['discount_amount', MONEY],
      ['line_total', MONEY],
    ],
  },
  payments: {
    name: 'payments',
    columns: [
      ID,
      ['order_id', 'INTEGER NOT NULL REFERENCES orders (id)'],
      ['method', 'VARCHAR(20) NOT NULL'],
      ['status', 'VARCHAR(20) NOT NULL'],
      ['amount', MONEY],
      ['created_at', 'TIMESTAMP NOT NULL'],
      ['paid_at', 'TIMESTAMP'],
    ],
  },
  returns: {
    name: 'returns',
    columns: [
      ID,
      ['order_item_id', 'INTEGER NOT NULL REFERENCES order_items (id)'],
      ['quantity', 'INTEGER NOT NULL'],
      ['reason', 'VARCHAR(60)'],
      ['refund_amount', MONEY],
      ['returned_at', 'TIMESTAMP NOT NULL'],
    ],
  },
} as const satisfies Record<string, Table>;

/** After the rows, since filling an index row by row takes longer. */
export const INDEXES = [
  'CREATE INDEX orders_customer_id ON orders (customer_id)',
  'CREATE INDEX orders_ordered_at ON orders (ordered_at)',
  'CREATE INDEX order_items_order_id ON order_items (order_id)',
  'CREATE INDEX order_items_product_id ON order_items (product_id)',
  'CREATE INDEX payments_order_id ON payments (order_id)',
  'CREATE INDEX returns_order_item_id ON returns (order_item_id)',
] as const;

export const VIEWS = [
  `CREATE VIEW monthly_revenue AS
  SELECT substr(CAST(ordered_at AS TEXT), 1, 7) AS month, count(*) AS order_count, sum(total_amount) AS revenue
  FROM orders
  WHERE status <> 'cancelled'
  GROUP BY substr(CAST(ordered_at AS TEXT), 1, 7)`,
  `CREATE VIEW product_sales AS
  SELECT p.id AS product_id, p.name AS product_name, c.name AS category_name,
    sum(i.quantity) AS units_sold, sum(i.line_total) AS revenue
  FROM order_items AS i
  JOIN orders AS o ON o.id = i.order_id
  JOIN products AS p ON p.id = i.product_id
  JOIN categories AS c ON c.id = p.category_id
  WHERE o.status <> 'cancelled'
  GROUP BY p.id, p.name, c.name`,
] as const;

export function createTable({ name, columns }: Table): string {
  return `CREATE TABLE ${name} (\n  ${columns.map(([column, definition]) => `${column} ${definition}`).join(',\n  ')}\n)`;
}
