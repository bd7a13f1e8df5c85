-- A rebuild reads all events once more, into copies of the tables in the schema `rebuild`, and then puts the copies in
-- the place of the tables. The role of the service may not create or move tables. By these functions it may, but only
-- like this.

-- What was asked for, and what became of it.
CREATE TABLE rebuild_run (
  rebuild_id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('REQUESTED', 'REPLAYING', 'COMPARING', 'SWAPPED', 'DIFFERENT', 'FAILED')),
  accept_difference boolean NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  events bigint NOT NULL DEFAULT 0,
  events_to_read bigint,
  events_per_second double precision,
  remaining_seconds double precision,
  failure text,
  projections jsonb,
  not_applied jsonb
);
-- One at a time.
CREATE UNIQUE INDEX rebuild_run_open ON rebuild_run ((true)) WHERE ended_at IS NULL;
REVOKE ALL ON rebuild_run FROM reporting_app;
GRANT SELECT, INSERT, UPDATE ON rebuild_run TO reporting_app;

-- The tables of the plumbing that say what is consumed. They are replaced with those of the reports.
CREATE FUNCTION rebuild_consumed() RETURNS text[] LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY['atlas_inbox', 'atlas_fence', 'atlas_parked_key', 'atlas_parked']
$$;

-- What consumers write besides. Dead letters are added to those that are there, the rest is dropped.
CREATE FUNCTION rebuild_aside() RETURNS text[] LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY['atlas_dead', 'atlas_outbox', 'atlas_sequence', 'atlas_schema', 'atlas_timer', 'atlas_payload_schema']
$$;

-- Creates an empty copy of a table, with the same names of constraints and indexes and the same rights, but without
-- foreign keys.
CREATE FUNCTION rebuild_copy(original name) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $copy$
DECLARE
  id oid := format('public.%I', original)::regclass;
  part record;
BEGIN
  EXECUTE format(
    'CREATE TABLE rebuild.%I (LIKE public.%I INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS)', original, original
  );
  FOR part IN
    SELECT c.conname, pg_get_constraintdef(c.oid) AS definition FROM pg_constraint c
    WHERE c.conrelid = id AND c.contype IN ('p', 'u', 'x')
  LOOP
    EXECUTE format('ALTER TABLE rebuild.%I ADD CONSTRAINT %I %s', original, part.conname, part.definition);
  END LOOP;
  FOR part IN
    SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
    WHERE i.indrelid = id AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
  LOOP
    EXECUTE regexp_replace(part.definition, ' ON public\.', ' ON rebuild.');
  END LOOP;
  EXECUTE format('REVOKE ALL ON rebuild.%I FROM reporting_app', original);
  FOR part IN
    SELECT acl.privilege_type FROM pg_class t, aclexplode(t.relacl) acl
    WHERE t.oid = id AND acl.grantee = 'reporting_app'::regrole
  LOOP
    EXECUTE format('GRANT %s ON rebuild.%I TO reporting_app', part.privilege_type, original);
  END LOOP;
END
$copy$;

-- Drops what an earlier rebuild has left, and creates empty copies of these tables and of the plumbing's. What refers
-- to another table refers to its copy.
CREATE FUNCTION rebuild_begin(run uuid, projected text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $begin$
DECLARE
  part record;
BEGIN
  IF EXISTS (SELECT FROM unnest(projected) t WHERE t IN ('projection', 'rebuild_run') OR t LIKE 'atlas%') THEN
    RAISE 'a projection cannot have a table of the plumbing, projection or rebuild_run';
  END IF;
  DROP SCHEMA IF EXISTS rebuild CASCADE;
  CREATE SCHEMA rebuild;
  EXECUTE format('COMMENT ON SCHEMA rebuild IS %L', run);
  GRANT USAGE ON SCHEMA rebuild TO reporting_app;
  FOR part IN SELECT t AS original FROM unnest(public.rebuild_consumed() || public.rebuild_aside() || projected) t LOOP
    PERFORM public.rebuild_copy(part.original);
  END LOOP;
  FOR part IN
    SELECT t.relname, c.conname, pg_get_constraintdef(c.oid) AS definition
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.contype = 'f' AND t.relnamespace = 'public'::regnamespace
      AND to_regclass(format('rebuild.%I', t.relname)) IS NOT NULL
  LOOP
    EXECUTE format('ALTER TABLE rebuild.%I ADD CONSTRAINT %I %s', part.relname, part.conname,
      regexp_replace(part.definition, ' REFERENCES public\.', ' REFERENCES rebuild.'));
  END LOOP;
END
$begin$;

-- Puts the copies in the place of the tables, in the transaction of the caller: everybody sees either all old ones or
-- all new ones. The caller has made sure that both have consumed the same. Raises the fences, so that nothing that a
-- consumer has begun for the old tables is written to the new ones. `built` is a list of {name, version}.
CREATE FUNCTION rebuild_swap(run uuid, built jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $swap$
DECLARE
  copies name[];
  triggers text[];
  part record;
BEGIN
  IF obj_description(to_regnamespace('rebuild'), 'pg_namespace') IS DISTINCT FROM run::text THEN
    RAISE 'the schema rebuild is not that of rebuild %', run;
  END IF;
  copies := ARRAY(
    SELECT t.relname FROM pg_class t
    WHERE t.relnamespace = 'rebuild'::regnamespace AND t.relkind = 'r' AND t.relname <> ALL (public.rebuild_aside())
    ORDER BY t.relname
  );
  -- all of them before anything changes: readers of the old ones have ended, others wait
  FOR part IN SELECT unnest(copies) AS original LOOP
    EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', part.original);
  END LOOP;
  -- offsets may have gaps at their end, so the copies can be a little behind without missing anything
  UPDATE rebuild.atlas_fence n SET epoch = greatest(n.epoch, o.epoch) + 1,
    offset_epoch = greatest(n.epoch, o.epoch) + 1,
    next_offset = greatest(n.next_offset, o.next_offset),
    as_of = CASE WHEN EXISTS (
      SELECT FROM rebuild.atlas_parked_key p WHERE p.topic = n.topic AND p.partition = n.partition
    ) THEN n.as_of ELSE greatest(n.as_of, o.as_of) END
  FROM public.atlas_fence o WHERE (o.group_id, o.topic, o.partition) = (n.group_id, n.topic, n.partition);
  INSERT INTO public.atlas_dead (side, topic, key, partition, record_offset, consumer, event_id, body, headers, reason,
    error, attempts, dead_at, source)
  SELECT n.side, n.topic, n.key, n.partition, n.record_offset, n.consumer, n.event_id, n.body, n.headers, n.reason,
    n.error, n.attempts, n.dead_at, n.source
  FROM rebuild.atlas_dead n
  WHERE NOT EXISTS (
    SELECT FROM public.atlas_dead o
    WHERE o.event_id = n.event_id AND o.consumer = n.consumer AND o.source IS NOT DISTINCT FROM n.source
  )
  ORDER BY n.id;
  triggers := ARRAY(
    SELECT pg_get_triggerdef(g.oid) FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
    WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY (copies) AND NOT g.tgisinternal
  );
  CREATE SCHEMA replaced;
  FOR part IN SELECT unnest(copies) AS original LOOP
    EXECUTE format('ALTER TABLE public.%I SET SCHEMA replaced', part.original);
    EXECUTE format('ALTER TABLE rebuild.%I SET SCHEMA public', part.original);
  END LOOP;
  FOR part IN SELECT unnest(triggers) AS statement LOOP
    EXECUTE part.statement;
  END LOOP;
  INSERT INTO public.projection (name, version, built_at)
  SELECT b.name, b.version, now() FROM jsonb_to_recordset(built) AS b (name text, version integer)
  ON CONFLICT (name) DO UPDATE SET version = EXCLUDED.version, built_at = EXCLUDED.built_at;
  DELETE FROM public.projection p
  WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset(built) AS b (name text) WHERE b.name = p.name);
  -- their files are deleted after the commit, when nobody waits any more
  DROP SCHEMA replaced CASCADE;
  DROP SCHEMA rebuild CASCADE;
END
$swap$;

-- Notes the projections of a database that has not consumed anything: their tables are made from the first event on.
CREATE FUNCTION rebuild_not_needed(built jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO public.projection (name, version, built_at)
  SELECT b.name, b.version, now() FROM jsonb_to_recordset(built) AS b (name text, version integer)
  WHERE NOT EXISTS (SELECT FROM public.atlas_inbox) AND NOT EXISTS (SELECT FROM public.projection)
$$;

-- The owner's default rights let the role of the service call every function.
REVOKE ALL ON FUNCTION rebuild_consumed, rebuild_aside, rebuild_copy, rebuild_begin, rebuild_swap, rebuild_not_needed
  FROM PUBLIC, reporting_app;
GRANT EXECUTE ON FUNCTION rebuild_begin, rebuild_swap, rebuild_not_needed TO reporting_app;
