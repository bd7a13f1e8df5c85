-- The aggregate's table. How one began never changes: the role of the service may update only its progress, and it
-- may delete nothing.

CREATE TABLE approvals (
  approval_id uuid PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1),
  subject text NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),
  opened_by text NOT NULL CHECK (opened_by <> ''),
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  CONSTRAINT closed_at_some_time CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL))
);
COMMENT ON COLUMN approvals.version IS '1 for a new one, one more with each committed change; the ETag.';
COMMENT ON COLUMN approvals.subject IS 'What it is about.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'workflow_app') THEN
    REVOKE ALL ON approvals FROM workflow_app;
    GRANT SELECT, INSERT ON approvals TO workflow_app;
    GRANT UPDATE (version, state, closed_at) ON approvals TO workflow_app;
  END IF;
END
$$;
