CREATE UNIQUE INDEX booking_key ON booking (booking_id, seat);
