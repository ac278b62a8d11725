-- A public library: surrogate keys beside natural ones, two bridges, dates that may be missing.
CREATE TABLE authors (author_id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, nationality TEXT, birth_year INTEGER);
CREATE TABLE publishers (publisher_id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL);
CREATE TABLE books (book_id INTEGER PRIMARY KEY, isbn TEXT NOT NULL UNIQUE, title TEXT NOT NULL, genre TEXT NOT NULL,
  page_count INTEGER, published_year INTEGER, publisher_id INTEGER REFERENCES publishers (publisher_id), list_price REAL);
CREATE TABLE book_authors (book_id INTEGER NOT NULL REFERENCES books (book_id),
  author_id INTEGER NOT NULL REFERENCES authors (author_id), PRIMARY KEY (book_id, author_id));
CREATE TABLE branches (branch_id INTEGER PRIMARY KEY, branch_name TEXT NOT NULL, district TEXT NOT NULL, opened_on DATE);
CREATE TABLE copies (copy_id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL REFERENCES books (book_id),
  branch_id INTEGER NOT NULL REFERENCES branches (branch_id), condition TEXT NOT NULL);
CREATE TABLE members (member_id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, city TEXT NOT NULL,
  email TEXT, joined_on DATE NOT NULL, home_branch_id INTEGER REFERENCES branches (branch_id));
CREATE TABLE loans (loan_id INTEGER PRIMARY KEY, copy_id INTEGER NOT NULL REFERENCES copies (copy_id),
  member_id INTEGER NOT NULL REFERENCES members (member_id), loaned_on DATE NOT NULL, due_on DATE NOT NULL, returned_on DATE);
CREATE TABLE fines (fine_id INTEGER PRIMARY KEY, loan_id INTEGER NOT NULL REFERENCES loans (loan_id), amount REAL NOT NULL,
  settled BOOLEAN NOT NULL);
INSERT INTO authors VALUES (1, 'Ines Duarte', 'Portuguese', 1951), (2, 'Karl Brandt', 'German', 1938), (3, 'Mara Quinn', 'Irish', 1972),
  (4, 'Tomas Reyes', 'Spanish', 1965), (5, 'Lena Vogel', 'German', 1980), (6, 'Oba Adeyemi', NULL, NULL);
INSERT INTO publishers VALUES (1, 'Northgate', 'London'), (2, 'Casa Azul', 'Lisbon'), (3, 'Tannenbaum', 'Berlin');
INSERT INTO books VALUES (1, '978-1', 'The Salt Road', 'Fiction', 320, 1998, 1, 12.5), (2, '978-2', 'Winter Gardens', 'Fiction', 210, 2005, 3, 9.9),
  (3, '978-3', 'Stars and Tides', 'Science', 450, 2011, 1, 30), (4, '978-4', 'A Short History of Bread', 'History', 180, 2019, 2, 15),
  (5, '978-5', 'Deep Code', 'Science', 600, 2021, 3, 42), (6, '978-6', 'Lisbon Nights', 'Fiction', 275, 2021, 2, NULL),
  (7, '978-7', 'The Quiet Map', 'Travel', NULL, 2015, NULL, 18);
INSERT INTO book_authors VALUES (1, 1), (2, 2), (3, 3), (3, 4), (4, 1), (5, 5), (6, 1), (6, 4);
INSERT INTO branches VALUES (1, 'Central', 'Old Town', '1965-03-01'), (2, 'Harbour', 'Docks', '1999-06-15'), (3, 'Hillside', 'North', '2018-09-01');
INSERT INTO copies VALUES (1, 1, 1, 'good'), (2, 1, 2, 'worn'), (3, 2, 1, 'good'), (4, 3, 1, 'new'), (5, 4, 2, 'good'), (6, 5, 2, 'new'), (7, 6, 1, 'damaged'), (8, 2, 2, 'worn');
INSERT INTO members VALUES (1, 'Anna', 'Beck', 'Lisbon', 'anna@example.org', '2019-02-01', 1), (2, 'Bo', 'Chen', 'Porto', NULL, '2021-07-09', 1),
  (3, 'Cara', 'Diaz', 'Lisbon', 'cara@example.org', '2024-01-20', 2), (4, 'Dan', 'Evans', 'Braga', 'dan@example.org', '2025-05-05', NULL);
INSERT INTO loans VALUES (1, 1, 1, '2026-01-10', '2026-01-31', '2026-01-25'), (2, 3, 1, '2026-03-02', '2026-03-23', '2026-04-10'),
  (3, 4, 2, '2026-10-05', '2026-10-26', NULL), (4, 2, 3, '2025-12-01', '2025-12-22', '2025-12-20'), (5, 6, 1, '2026-11-02', '2026-11-23', NULL),
  (6, 1, 3, '2026-10-20', '2026-11-10', '2026-11-19');
INSERT INTO fines VALUES (1, 2, 4.5, TRUE), (2, 6, 2.25, FALSE), (3, 3, 7, FALSE);
