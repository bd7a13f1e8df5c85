ALTER TABLE booking ADD COLUMN currency text NOT NULL;
