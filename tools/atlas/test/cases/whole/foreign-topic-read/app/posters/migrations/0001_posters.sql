CREATE TABLE poster (
  event_id text PRIMARY KEY,
  show_id text NOT NULL,
  hall text NOT NULL,
  until bigint NOT NULL
);
