CREATE TABLE show (show_id uuid PRIMARY KEY, free integer NOT NULL CHECK (free >= 0));
CREATE TABLE booking (
  booking_id uuid PRIMARY KEY, show_id uuid NOT NULL REFERENCES show, seats integer NOT NULL, version bigint NOT NULL
);
