-- A warehouse's star: dim and fact prefixes, codes, soft deletes, a hierarchy, amounts in two tables.
CREATE TABLE dim_account (account_key INTEGER PRIMARY KEY, account_code TEXT NOT NULL UNIQUE, account_name TEXT NOT NULL, segment TEXT NOT NULL, country TEXT NOT NULL,
  parent_account_key INTEGER REFERENCES dim_account (account_key), deleted_at TIMESTAMP);
CREATE TABLE dim_plan (plan_key INTEGER PRIMARY KEY, plan_name TEXT NOT NULL, tier TEXT NOT NULL, monthly_fee DECIMAL(8,2) NOT NULL);
CREATE TABLE dim_feature (feature_key INTEGER PRIMARY KEY, feature_name TEXT NOT NULL);
CREATE TABLE plan_feature (plan_key INTEGER NOT NULL REFERENCES dim_plan (plan_key), feature_key INTEGER NOT NULL REFERENCES dim_feature (feature_key), PRIMARY KEY (plan_key, feature_key));
CREATE TABLE fact_subscription (subscription_key INTEGER PRIMARY KEY, account_key INTEGER NOT NULL REFERENCES dim_account (account_key), plan_key INTEGER NOT NULL REFERENCES dim_plan (plan_key),
  started_on DATE NOT NULL, ended_on DATE, seats INTEGER NOT NULL);
CREATE TABLE fact_invoice (invoice_key INTEGER PRIMARY KEY, account_key INTEGER NOT NULL REFERENCES dim_account (account_key), invoice_date DATE NOT NULL, net_amount DECIMAL(10,2) NOT NULL,
  tax_amount DECIMAL(10,2) NOT NULL, state TEXT NOT NULL);
CREATE TABLE fact_ticket (ticket_key INTEGER PRIMARY KEY, account_key INTEGER NOT NULL REFERENCES dim_account (account_key), opened_at TIMESTAMP NOT NULL, severity TEXT NOT NULL, satisfaction_score INTEGER);
INSERT INTO dim_account VALUES (1, 'A-100', 'Helios', 'enterprise', 'France', NULL, NULL), (2, 'A-200', 'Iris Media', 'startup', 'Spain', NULL, NULL), (3, 'A-300', 'Juno Bank', 'enterprise', 'France', 1, NULL),
  (4, 'A-400', 'Kepler', 'midsize', 'Poland', NULL, '2025-01-01 00:00:00'), (5, 'A-500', 'Lyra', 'startup', 'Spain', 2, NULL);
INSERT INTO dim_plan VALUES (1, 'Basic', 'low', 10), (2, 'Team', 'mid', 45), (3, 'Corporate', 'high', 200);
INSERT INTO dim_feature VALUES (1, 'Single sign-on'), (2, 'Audit log'), (3, 'Dashboards'), (4, 'Mobile app');
INSERT INTO plan_feature VALUES (1, 3), (2, 3), (2, 4), (3, 1), (3, 2), (3, 3);
INSERT INTO fact_subscription VALUES (1, 1, 3, '2024-01-01', NULL, 250), (2, 2, 1, '2025-03-01', NULL, 4), (3, 3, 3, '2025-06-01', NULL, 90), (4, 4, 2, '2023-01-01', '2024-12-31', 20), (5, 5, 1, '2026-09-01', NULL, 2);
INSERT INTO fact_invoice VALUES (1, 1, '2026-09-30', 2000, 400, 'paid'), (2, 1, '2026-10-31', 2100, 420, 'open'), (3, 2, '2026-10-31', 40, 8, 'paid'), (4, 3, '2026-10-31', 900, 180, 'paid'), (5, 4, '2024-12-31', 300, 69, 'void'), (6, 3, '2025-12-31', 950, 190, 'paid');
INSERT INTO fact_ticket VALUES (1, 1, '2026-10-02 10:00:00', 'high', 3), (2, 1, '2026-10-09 10:00:00', 'low', 5), (3, 3, '2026-11-03 10:00:00', 'high', NULL), (4, 2, '2025-04-01 10:00:00', 'low', 4);
