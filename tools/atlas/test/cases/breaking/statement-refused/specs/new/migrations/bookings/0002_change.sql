DROP INDEX booking_seat;
REVOKE UPDATE ON booking FROM bookings_app;
