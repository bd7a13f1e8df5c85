/**
 * Timers and effects. An instance of the release before may run while this is applied: it does not know the tables.
 * This text never changes again, because databases have its checksum.
 */
export const timers =
  (): string => `-- What is to be done later: timers, and calls to the outside (effects). There is one row per kind, name and key.
CREATE TABLE atlas_timer (
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('timer', 'effect')),
  name text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  id uuid NOT NULL,                           -- another one each time that a timer is set; an effect's idempotency key
  set_at timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL,                -- as it was set
  next_at timestamptz NOT NULL,               -- when it is tried next
  body bytea NOT NULL,                        -- bare Avro
  fingerprint text NOT NULL,                  -- of the schema, which is in atlas_payload_schema
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'held')),
  attempts integer NOT NULL DEFAULT 0,        -- failed tries
  last_error text,
  claimed_by uuid,                            -- one claim of one instance
  claimed_until timestamptz,                  -- from then on, another instance may claim it
  correlation_id text NOT NULL,
  causation_id text,
  actor_id text,
  traceparent text,
  PRIMARY KEY (kind, name, key)
);
CREATE INDEX atlas_timer_due ON atlas_timer (kind, next_at) WHERE state = 'waiting';

-- The schemas of payloads, because code of another version may read them.
CREATE TABLE atlas_payload_schema (
  fingerprint text PRIMARY KEY,
  text text NOT NULL
);

-- Timers and effects can be given up as well. NOT VALID spares a look at the rows that are there: they fulfil the old
-- check, which allowed less.
ALTER TABLE atlas_dead DROP CONSTRAINT atlas_dead_side_check,
  ADD CONSTRAINT atlas_dead_side_check CHECK (side IN ('publish', 'consume', 'timer', 'effect')) NOT VALID;
`;
