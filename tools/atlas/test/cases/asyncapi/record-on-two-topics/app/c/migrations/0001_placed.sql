CREATE TABLE placed (
  event_id text NOT NULL,
  handler text NOT NULL,
  booking_id text NOT NULL
);
