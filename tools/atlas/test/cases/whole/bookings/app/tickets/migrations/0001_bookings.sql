-- A booking as it is answered, under the version of its ETag.
CREATE TABLE booking (
  booking_id uuid PRIMARY KEY,
  version bigint NOT NULL,
  body jsonb NOT NULL
);
