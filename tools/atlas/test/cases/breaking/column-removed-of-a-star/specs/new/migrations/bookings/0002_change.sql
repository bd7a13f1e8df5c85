ALTER TABLE booking DROP COLUMN channel;
