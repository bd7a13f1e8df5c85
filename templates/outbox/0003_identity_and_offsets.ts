/**
 * Identifies events by source and id, and keeps how far a consumer has come beside its effects. An instance of the
 * release before may run while this is applied: its statements work as before. This text never changes again, because
 * databases have its checksum.
 */
export const identityAndOffsets =
  (): string => `-- Ids of events are unique per source only (CloudEvents 1.0, "id"). A row of an older instance has no source. It counts
-- for each source, because nobody knows from which one its event came. The index is built here: events wait meanwhile.
ALTER TABLE atlas_inbox ADD COLUMN source text COLLATE "C" NOT NULL DEFAULT '';
CREATE UNIQUE INDEX atlas_inbox_identity ON atlas_inbox (event_id, consumer, source);
ALTER TABLE atlas_inbox DROP CONSTRAINT atlas_inbox_pkey,
  ADD CONSTRAINT atlas_inbox_pkey PRIMARY KEY USING INDEX atlas_inbox_identity;

-- An older instance does not know sources, so its insert of an event that is there already, with any source, must
-- insert nothing. A transaction that is still open is not seen here: the fence keeps two owners of a partition apart.
CREATE FUNCTION atlas_inbox_without_source() RETURNS trigger LANGUAGE plpgsql AS $known$
BEGIN
  IF EXISTS (SELECT FROM atlas_inbox WHERE event_id = NEW.event_id AND consumer = NEW.consumer) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END
$known$;
CREATE TRIGGER atlas_inbox_without_source BEFORE INSERT ON atlas_inbox
FOR EACH ROW WHEN (NEW.source = '') EXECUTE FUNCTION atlas_inbox_without_source();

ALTER TABLE atlas_parked ADD COLUMN source text NOT NULL DEFAULT '';
ALTER TABLE atlas_dead ADD COLUMN source text;

-- The first offset of the partition that is not consumed yet, and the epoch that it is of. An older instance raises the
-- epoch without them: then the offset is not known any more.
ALTER TABLE atlas_fence ADD COLUMN next_offset bigint, ADD COLUMN offset_epoch bigint;

-- Counts dead rows by reason and finds the oldest of each without reading the rows.
CREATE INDEX atlas_dead_reason ON atlas_dead (reason, dead_at);

DO $path$
BEGIN
  EXECUTE format('ALTER FUNCTION atlas_inbox_without_source SET search_path = %I, pg_temp', current_schema());
END
$path$;
`;
