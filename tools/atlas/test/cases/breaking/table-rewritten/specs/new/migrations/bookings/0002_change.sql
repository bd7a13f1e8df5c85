ALTER TABLE booking ADD COLUMN drawn double precision DEFAULT random();
