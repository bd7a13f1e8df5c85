CREATE TABLE show (
  show_id uuid PRIMARY KEY,
  free integer NOT NULL CHECK (free >= 0),
  body jsonb NOT NULL
);
