CREATE INDEX booking_note ON booking (note);
