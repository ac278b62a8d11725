-- A sports club that keeps its books in German: words of another language, umlauts written out, compound names.
CREATE TABLE abteilung (abteilung_id INTEGER PRIMARY KEY, bezeichnung TEXT NOT NULL, leiter TEXT NOT NULL);
CREATE TABLE mitglied (mitglied_id INTEGER PRIMARY KEY, vorname TEXT NOT NULL, nachname TEXT NOT NULL, geburtsdatum DATE NOT NULL, ort TEXT NOT NULL, abteilung_id INTEGER NOT NULL, eintritt DATE NOT NULL);
CREATE TABLE beitrag (beitrag_id INTEGER PRIMARY KEY, mitglied_id INTEGER NOT NULL, betrag REAL NOT NULL, jahr INTEGER NOT NULL, bezahlt BOOLEAN NOT NULL);
INSERT INTO abteilung VALUES (1, 'Turnen', 'Berta Klein'), (2, 'Fussball', 'Otto Gross'), (3, 'Schach', 'Ida Lang');
INSERT INTO mitglied VALUES (1, 'Max', 'Muster', '1990-01-01', 'Bonn', 2, '2015-01-01'), (2, 'Erika', 'Sommer', '1985-05-05', 'Koeln', 1, '2018-03-01'), (3, 'Jan', 'Winter', '2005-07-07', 'Bonn', 2, '2023-09-01');
INSERT INTO beitrag VALUES (1, 1, 120, 2025, TRUE), (2, 1, 130, 2026, FALSE), (3, 2, 130, 2026, TRUE), (4, 3, 60, 2026, TRUE);
