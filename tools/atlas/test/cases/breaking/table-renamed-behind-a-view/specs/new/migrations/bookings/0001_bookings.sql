CREATE TYPE booking_state AS ENUM ('HELD', 'PAID', 'GONE');

CREATE TABLE show (
  show_id uuid PRIMARY KEY,
  title varchar(200) NOT NULL
);

CREATE TABLE booking (
  booking_id uuid PRIMARY KEY,
  show_id uuid NOT NULL,
  seat text NOT NULL CHECK (seat ~ '^[A-Z][0-9]{1,2}$'),
  state booking_state NOT NULL,
  price bigint NOT NULL CHECK (price >= 0),
  note text,
  channel text NOT NULL DEFAULT 'web'
);
CREATE UNIQUE INDEX booking_seat ON booking (show_id, seat);
