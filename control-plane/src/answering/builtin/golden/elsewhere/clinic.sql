-- A hospital's system of the nineties: prefixes on every name, abbreviations, one-letter codes, a flag for deleted rows.
CREATE TABLE tbl_dept (dept_id INTEGER PRIMARY KEY, dept_nm VARCHAR(40) NOT NULL, dept_floor_no INTEGER NOT NULL);
CREATE TABLE tbl_phys (phys_id INTEGER PRIMARY KEY, phys_fname VARCHAR(30) NOT NULL, phys_lname VARCHAR(30) NOT NULL, phys_spec VARCHAR(30) NOT NULL,
  dept_id INTEGER NOT NULL REFERENCES tbl_dept (dept_id), hire_dt DATE NOT NULL, salary_amt DECIMAL(10,2) NOT NULL);
CREATE TABLE tbl_patient (pat_id INTEGER PRIMARY KEY, pat_fname VARCHAR(30) NOT NULL, pat_lname VARCHAR(30) NOT NULL, pat_dob DATE NOT NULL,
  pat_gender CHAR(1) NOT NULL, pat_city VARCHAR(30) NOT NULL, pat_tel VARCHAR(20), is_deleted INTEGER NOT NULL);
CREATE TABLE tbl_appt (appt_id INTEGER PRIMARY KEY, pat_id INTEGER NOT NULL REFERENCES tbl_patient (pat_id),
  phys_id INTEGER NOT NULL REFERENCES tbl_phys (phys_id), appt_dt DATE NOT NULL, appt_status VARCHAR(12) NOT NULL, duration_min INTEGER NOT NULL);
CREATE TABLE tbl_drug (drug_id INTEGER PRIMARY KEY, drug_nm VARCHAR(40) NOT NULL, drug_mfr VARCHAR(40) NOT NULL, unit_price_amt DECIMAL(8,2) NOT NULL);
CREATE TABLE tbl_rx (rx_id INTEGER PRIMARY KEY, appt_id INTEGER NOT NULL REFERENCES tbl_appt (appt_id), drug_id INTEGER NOT NULL REFERENCES tbl_drug (drug_id),
  qty INTEGER NOT NULL);
INSERT INTO tbl_dept VALUES (1, 'Cardiology', 2), (2, 'Oncology', 3), (3, 'Pediatrics', 1), (4, 'Radiology', 0);
INSERT INTO tbl_phys VALUES (1, 'Ruth', 'Adler', 'Heart surgery', 1, '2010-04-01', 9800), (2, 'Sam', 'Boyd', 'Chemotherapy', 2, '2015-08-15', 8700),
  (3, 'Tia', 'Cole', 'Children', 3, '2021-01-10', 7200), (4, 'Uwe', 'Dorn', 'Heart rhythm', 1, '2019-11-01', 8900);
INSERT INTO tbl_patient VALUES (1, 'Vera', 'Ek', '1950-05-05', 'F', 'Malmo', NULL, 0), (2, 'Will', 'Fry', '1988-12-24', 'M', 'Lund', '040-1', 0),
  (3, 'Xena', 'Gow', '2016-03-03', 'F', 'Malmo', '040-2', 0), (4, 'Yann', 'Hult', '1971-07-07', 'M', 'Ystad', NULL, 1), (5, 'Zoe', 'Ivar', '1999-09-09', 'F', 'Lund', '040-5', 0);
INSERT INTO tbl_appt VALUES (1, 1, 1, '2026-09-01', 'done', 30), (2, 1, 4, '2026-10-03', 'done', 45), (3, 2, 2, '2026-10-12', 'cancelled', 20),
  (4, 3, 3, '2026-10-15', 'done', 15), (5, 5, 1, '2026-11-20', 'planned', 60), (6, 2, 2, '2025-05-05', 'done', 40);
INSERT INTO tbl_drug VALUES (1, 'Cardix', 'Helva', 12.5), (2, 'Onclar', 'Medora', 310), (3, 'Paracet', 'Helva', 2.2);
INSERT INTO tbl_rx VALUES (1, 1, 1, 2), (2, 2, 1, 1), (3, 6, 2, 3), (4, 4, 3, 1), (5, 1, 3, 2);
