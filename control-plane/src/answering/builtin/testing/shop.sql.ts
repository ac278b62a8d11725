/** The demo shop's tables with a handful of rows: enough for every question of the golden file to have an answer. */
export const SHOP = `
CREATE TABLE regions (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, country VARCHAR(60) NOT NULL);
CREATE TABLE employees (id INTEGER PRIMARY KEY, first_name VARCHAR(60) NOT NULL, last_name VARCHAR(60) NOT NULL,
  email VARCHAR(120) NOT NULL, job_title VARCHAR(60) NOT NULL, manager_id INTEGER REFERENCES employees (id),
  region_id INTEGER REFERENCES regions (id), hired_on DATE NOT NULL, salary DECIMAL(10,2) NOT NULL);
CREATE TABLE categories (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, parent_id INTEGER REFERENCES categories (id));
CREATE TABLE products (id INTEGER PRIMARY KEY, sku VARCHAR(20) NOT NULL, name VARCHAR(120) NOT NULL,
  category_id INTEGER NOT NULL REFERENCES categories (id), description TEXT, unit_price DECIMAL(10,2) NOT NULL,
  unit_cost DECIMAL(10,2) NOT NULL, weight_grams INTEGER, stock_quantity INTEGER NOT NULL,
  discontinued BOOLEAN NOT NULL, launched_on DATE NOT NULL);
CREATE TABLE customers (id INTEGER PRIMARY KEY, first_name VARCHAR(60) NOT NULL, last_name VARCHAR(60) NOT NULL,
  company VARCHAR(120), email VARCHAR(120), phone VARCHAR(40), city VARCHAR(60),
  region_id INTEGER NOT NULL REFERENCES regions (id), newsletter BOOLEAN NOT NULL, signed_up_at TIMESTAMP NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
  employee_id INTEGER REFERENCES employees (id), channel VARCHAR(20) NOT NULL, status VARCHAR(20) NOT NULL,
  ordered_at TIMESTAMP NOT NULL, shipped_at TIMESTAMP, delivered_at TIMESTAMP, shipping_fee DECIMAL(10,2) NOT NULL,
  total_amount DECIMAL(10,2) NOT NULL);
CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id),
  product_id INTEGER NOT NULL REFERENCES products (id), quantity INTEGER NOT NULL, unit_price DECIMAL(10,2) NOT NULL,
  discount_amount DECIMAL(10,2) NOT NULL, line_total DECIMAL(10,2) NOT NULL);
CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id),
  method VARCHAR(20) NOT NULL, status VARCHAR(20) NOT NULL, amount DECIMAL(10,2) NOT NULL,
  created_at TIMESTAMP NOT NULL, paid_at TIMESTAMP);
CREATE TABLE returns (id INTEGER PRIMARY KEY, order_item_id INTEGER NOT NULL REFERENCES order_items (id),
  quantity INTEGER NOT NULL, reason VARCHAR(60), refund_amount DECIMAL(10,2) NOT NULL, returned_at TIMESTAMP NOT NULL);
CREATE VIEW monthly_revenue AS SELECT substr(ordered_at, 1, 7) AS month, sum(total_amount) AS revenue FROM orders GROUP BY 1;

INSERT INTO regions VALUES (1, 'Bayern', 'Germany'), (2, 'Wien', 'Austria'), (3, '東京都', 'Japan');
INSERT INTO employees VALUES (1, 'Ada', 'Koch', 'ada@shop.example', 'Head of Sales', NULL, 1, '2019-03-01', 9000),
  (2, 'Björn', 'Özil', 'bo@shop.example', 'Sales Representative', 1, 1, '2022-05-02', 4000),
  (3, 'Chloé', 'Dupont', 'cd@shop.example', 'Sales Representative', 1, 2, '2024-01-15', 4200);
INSERT INTO categories VALUES (1, 'Electronics', NULL), (2, 'Audio', 1), (3, 'Books', NULL);
INSERT INTO products VALUES (1, 'A-1', 'Simple Headphones', 2, 'light', 59, 20, 250, 10, FALSE, '2023-01-10'),
  (2, 'A-2', 'Café Olé Espresso Cups', 1, NULL, 25, 10, 900, 0, TRUE, '2022-06-01'),
  (3, 'B-1', 'O''Brien Cookbook', 3, NULL, 30, 9, 700, 40, FALSE, '2024-04-01'),
  (4, 'B-2', 'Harbour Atlas', 3, NULL, 120, 60, 2100, 3, FALSE, '2025-02-01');
INSERT INTO customers VALUES (1, 'Anna', 'Weiß', NULL, 'anna@example.com', NULL, 'München', 1, TRUE, '2023-11-02 10:00:00'),
  (2, 'Max', 'Huber', 'Huber GmbH', 'max@example.com', '+43 1 55', 'Wien', 2, FALSE, '2025-02-11 09:30:00'),
  (3, '陽子', '佐藤', NULL, NULL, NULL, '新宿区', 3, TRUE, '2026-10-05 01:00:00');
INSERT INTO orders VALUES (1, 1, 2, 'web', 'delivered', '2025-03-04 12:00:00', '2025-03-05 08:00:00', '2025-03-07 10:00:00', 5, 123),
  (2, 1, NULL, 'store', 'cancelled', '2026-10-10 15:00:00', NULL, NULL, 0, 30),
  (3, 2, 3, 'web', 'shipped', '2026-10-28 20:00:00', '2026-10-29 07:00:00', NULL, 5, 245),
  (4, 2, 2, 'phone', 'pending', '2026-11-20 11:00:00', NULL, NULL, 5, 64);
INSERT INTO order_items VALUES (1, 1, 1, 2, 59, 0, 118), (2, 2, 3, 1, 30, 0, 30), (3, 3, 4, 2, 120, 0, 240), (4, 4, 1, 1, 59, 0, 59);
INSERT INTO payments VALUES (1, 1, 'card', 'completed', 123, '2025-03-04 12:01:00', '2025-03-04 12:02:00'),
  (2, 3, 'paypal', 'pending', 245, '2026-10-28 20:05:00', NULL);
INSERT INTO returns VALUES (1, 1, 1, 'damaged', 59, '2025-03-20 09:00:00');
`;
