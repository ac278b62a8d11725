-- A carrier's application database: camelCase, no declared keys, two ways from a shipment to a warehouse.
CREATE TABLE warehouse (warehouseId INTEGER PRIMARY KEY, warehouseName TEXT NOT NULL, cityName TEXT NOT NULL, countryCode TEXT NOT NULL, floorAreaSqm INTEGER NOT NULL);
CREATE TABLE customerAccount (customerAccountId INTEGER PRIMARY KEY, companyName TEXT NOT NULL, industry TEXT NOT NULL, creditLimit REAL NOT NULL, isActive BOOLEAN NOT NULL, createdAt TIMESTAMP NOT NULL);
CREATE TABLE truck (truckId INTEGER PRIMARY KEY, licensePlate TEXT NOT NULL, maxLoadKg INTEGER NOT NULL, fuelType TEXT NOT NULL, purchaseYear INTEGER NOT NULL);
CREATE TABLE driver (driverId INTEGER PRIMARY KEY, driverName TEXT NOT NULL, dateOfBirth DATE NOT NULL, yearsOfExperience INTEGER NOT NULL, truckId INTEGER);
CREATE TABLE shipment (shipmentId INTEGER PRIMARY KEY, trackingNumber TEXT NOT NULL, customerAccountId INTEGER NOT NULL, originWarehouseId INTEGER NOT NULL,
  destinationWarehouseId INTEGER NOT NULL, driverId INTEGER, weightKg REAL NOT NULL, priority TEXT NOT NULL, shippedAt TIMESTAMP NOT NULL, deliveredAt TIMESTAMP);
CREATE TABLE shipmentInvoice (shipmentInvoiceId INTEGER PRIMARY KEY, shipmentId INTEGER NOT NULL, totalAmount REAL NOT NULL, currency TEXT NOT NULL, paidAt TIMESTAMP);
INSERT INTO warehouse VALUES (1, 'Alpha Hub', 'Rotterdam', 'NL', 12000), (2, 'Beta Depot', 'Hamburg', 'DE', 8000), (3, 'Gamma Yard', 'Munich', 'DE', 5000), (4, 'Delta Store', 'Lyon', 'FR', 3000);
INSERT INTO customerAccount VALUES (1, 'Acme Foods', 'Food', 50000, TRUE, '2020-01-01 08:00:00'), (2, 'Borealis Toys', 'Retail', 20000, TRUE, '2022-05-05 09:00:00'),
  (3, 'Citrus Labs', 'Chemicals', 75000, FALSE, '2023-10-10 10:00:00'), (4, 'Dune Retail', 'Retail', 10000, TRUE, '2026-02-02 11:00:00');
INSERT INTO truck VALUES (1, 'NL-AA-11', 18000, 'diesel', 2016), (2, 'DE-BB-22', 12000, 'electric', 2022), (3, 'FR-CC-33', 24000, 'diesel', 2019), (4, 'DE-DD-44', 7500, 'gas', 2023);
INSERT INTO driver VALUES (1, 'Eva Roth', '1980-02-02', 15, 1), (2, 'Finn Maas', '1992-06-06', 6, 2), (3, 'Gita Rao', '1975-01-30', 22, 3), (4, 'Hugo Petit', '2000-12-01', 1, NULL);
INSERT INTO shipment VALUES (1, 'T-1', 1, 1, 2, 1, 1200, 'express', '2026-10-01 06:00:00', '2026-10-02 12:00:00'), (2, 'T-2', 1, 1, 3, 2, 800, 'standard', '2026-10-10 06:00:00', '2026-10-12 08:00:00'),
  (3, 'T-3', 2, 2, 4, 3, 4000, 'standard', '2026-11-01 06:00:00', NULL), (4, 'T-4', 3, 3, 1, 1, 300, 'express', '2025-06-06 06:00:00', '2025-06-07 09:00:00'), (5, 'T-5', 2, 1, 4, NULL, 2500, 'economy', '2026-11-12 06:00:00', NULL);
INSERT INTO shipmentInvoice VALUES (1, 1, 900, 'EUR', '2026-10-20 00:00:00'), (2, 2, 450, 'EUR', NULL), (3, 4, 300, 'EUR', '2025-07-01 00:00:00'), (4, 3, 1800, 'USD', NULL);
