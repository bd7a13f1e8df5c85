/**
 * Rights of the role that the running service has: rows, never tables. A database without that role is a developer's
 * own; there the owner does everything.
 */
export function grants(service: string): string {
  const role = `'${`${service}_app`.replaceAll("'", "''")}'`;
  return `-- The role that migrates owns everything; the role that runs the service reads and writes rows, now and in tables to come.
-- It may not rewrite what was applied, answered or given up, nor forget what gave up.
DO $grants$
DECLARE
  app text := ${role};
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
}
