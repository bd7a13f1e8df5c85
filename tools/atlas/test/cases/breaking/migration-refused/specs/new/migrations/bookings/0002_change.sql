ALTER TABLE booking ADD COLUMN at timestamptz;
CREATE INDEX CONCURRENTLY booking_note ON booking (note);
