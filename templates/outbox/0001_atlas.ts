/**
 * The plumbing's tables and the rights on them; docs/ARCHITECTURE.md says how they work together. Later tables get the
 * same rights by default. This text never changes again, because databases have its checksum.
 */
export const atlas = (
  app: string,
): string => `-- An event that is committed and not yet published. A row is deleted once the broker has it: presence, and no cursor, says
-- what is left to do. Its only index is the primary key, for every write pays for every index.
CREATE TABLE atlas_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  key bytea,                                  -- null on a channel without key
  sequence bigint,                            -- ce_sequence: contiguous per topic and key, from 1
  body bytea,                                 -- bare Avro; the registry's five bytes are put on when it is sent
  fingerprint text,                           -- of the schema: (topic-ce_type, fingerprint) is found in atlas_schema
  ce_id uuid NOT NULL,
  ce_type text NOT NULL,
  correlation_id text NOT NULL,
  causation_id text,                          -- null where HTTP was the cause
  actor_id text,
  traceparent text,
  headers jsonb,                              -- further headers, of dead letters
  occurred_at timestamptz NOT NULL
);

-- The last sequence of each key. Its row lock makes the order of ids, sequences and commits one and the same per key.
CREATE TABLE atlas_sequence (
  topic text NOT NULL,
  key bytea NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (topic, key)
);

-- Schemas that were sent, with their id in the registry once it is known: asked once per schema, never per event.
CREATE TABLE atlas_schema (
  fingerprint text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  registry_id integer,
  PRIMARY KEY (subject, fingerprint)
);

-- What was applied: an event has its effect once per consumer. Ids are UUIDv7, so inserts stay at the right edge.
CREATE TABLE atlas_inbox (
  event_id text COLLATE "C" NOT NULL,
  consumer text COLLATE "C" NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_id, consumer)
);

-- Who may write for a partition: raised at each assignment, compared in every transaction of a consumer.
CREATE TABLE atlas_fence (
  group_id text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  epoch bigint NOT NULL,
  PRIMARY KEY (group_id, topic, partition)
);

-- A key whose head failed. Consumer and retrier take the row FOR UPDATE first; the key's later events queue behind it.
CREATE TABLE atlas_parked_key (
  topic text NOT NULL,
  key bytea NOT NULL,
  partition integer NOT NULL,
  state text NOT NULL CHECK (state IN ('retrying', 'held')),
  attempts integer NOT NULL,
  next_at timestamptz NOT NULL,
  parked_at timestamptz NOT NULL,
  last_error text NOT NULL,
  PRIMARY KEY (topic, key)
);

-- The events of a parked key as they came, oldest first.
CREATE TABLE atlas_parked (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  key bytea NOT NULL,
  partition integer NOT NULL,
  record_offset bigint NOT NULL,
  consumer text NOT NULL,
  event_id text NOT NULL,
  attempts integer NOT NULL,
  record_key bytea,
  body bytea,
  headers jsonb NOT NULL,
  occurred_at timestamptz NOT NULL,
  parked_at timestamptz NOT NULL,
  FOREIGN KEY (topic, key) REFERENCES atlas_parked_key
);
CREATE INDEX atlas_parked_queue ON atlas_parked (topic, key, id);

-- What gave up, on either side, with its bytes. Append-only.
CREATE TABLE atlas_dead (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  side text NOT NULL CHECK (side IN ('publish', 'consume')),
  topic text NOT NULL,
  key bytea,
  partition integer,
  record_offset bigint,
  consumer text,
  event_id text NOT NULL,
  body bytea,
  headers jsonb NOT NULL,
  reason text NOT NULL,
  error text NOT NULL,
  attempts integer NOT NULL,
  dead_at timestamptz NOT NULL
);

-- The relay's one lease, by the clock of the database: one instance publishes, another takes over when it is gone.
CREATE TABLE atlas_lease (
  name text PRIMARY KEY,
  owner text NOT NULL,
  epoch bigint NOT NULL,
  until timestamptz NOT NULL
);

-- The answer that a command got, given again to the same key with the same request. Append-only.
CREATE TABLE atlas_idempotency (
  principal text NOT NULL,
  operation text NOT NULL,
  key text NOT NULL,
  digest bytea NOT NULL,
  status integer NOT NULL,
  headers jsonb NOT NULL,
  body text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (principal, operation, key)
);

-- The role that migrates owns everything; the role that runs the service reads and writes rows, now and in tables to come.
-- It may not rewrite what was applied, answered or given up, nor forget what gave up.
DO $grants$
DECLARE
  app text := ${app};
BEGIN
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM PUBLIC', current_schema());
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = app) THEN
    RETURN;
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), app);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', current_schema(), app);
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', current_schema(), app);
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', current_schema(), app);
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO %I', current_schema(), app);
  EXECUTE format('REVOKE UPDATE, DELETE ON atlas_dead FROM %I', app);
  EXECUTE format('REVOKE UPDATE ON atlas_inbox, atlas_idempotency FROM %I', app);
END
$grants$;
`;
