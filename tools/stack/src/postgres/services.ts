import type pg from 'pg';
import { urlOfDatabase, urlOfUser, withClient } from './client.ts';
import { identifier, literal, namesOf } from './names.ts';

export interface ServiceRoles {
  readonly service: string;
  readonly ownerPassword: string;
  readonly appPassword: string;
}

/** Comment on a database that has all its grants. If the grants change, this text must change too. */
const MARK = 'atlas service database, version 1';

/**
 * Creates the missing databases and roles of the services. `<svc>_owner` owns the database and migrates it, `<svc>_app`
 * reads and writes rows, and nobody else may connect. `setPasswords` also changes the passwords of existing roles,
 * because an external server may have them from an earlier stack.
 */
export async function ensureServices(
  adminUrl: string,
  services: readonly ServiceRoles[],
  setPasswords: boolean,
): Promise<void> {
  const fresh = await withClient(adminUrl, async (admin) => {
    // A failing statement must not put a password into the server's log. An error is ignored, because some users may
    // not change this setting.
    await admin.query("SET log_min_error_statement = 'panic'").catch(() => undefined);
    const known = await existing(admin);
    for (const { service, ownerPassword, appPassword } of services) {
      const names = namesOf(service);
      await ensureRole(admin, names.owner, ownerPassword, known.roles, setPasswords);
      await ensureRole(admin, names.app, appPassword, known.roles, setPasswords);
      if (!known.databases.has(names.database)) await createDatabase(admin, service, names.database);
    }
    return services.filter(({ service }) => known.databases.get(namesOf(service).database) !== MARK);
  });
  await Promise.all(fresh.map((roles) => prepareDatabase(adminUrl, roles)));
}

/** Creates an empty database that belongs to the service's owner. Only the service's two roles can connect to it. */
export async function createDatabase(
  admin: pg.Client,
  service: string,
  database: string,
  template = 'template1',
): Promise<void> {
  const { owner } = namesOf(service);
  await admin.query(
    `CREATE DATABASE ${identifier(database)} OWNER ${identifier(owner)} TEMPLATE ${identifier(template)}`,
  );
  await guard(admin, service, database);
}

/** Grants rights within a database, as its owner: the app role may use rows of every later table, but no DDL. */
export async function grantRows(ownerUrl: string, service: string): Promise<void> {
  const app = identifier(namesOf(service).app);
  await withClient(ownerUrl, (owner) =>
    owner.query(`
      REVOKE CREATE ON SCHEMA public FROM PUBLIC;
      GRANT USAGE ON SCHEMA public TO ${app};
      ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO ${app};
      ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${app};
      ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO ${app};
      ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO ${app};
    `),
  );
}

// CREATE DATABASE does not copy the grants on the database itself, so a clone needs them again.
async function guard(admin: pg.Client, service: string, database: string): Promise<void> {
  const { app } = namesOf(service);
  await admin.query(`
    REVOKE ALL ON DATABASE ${identifier(database)} FROM PUBLIC;
    GRANT CONNECT ON DATABASE ${identifier(database)} TO ${identifier(app)};
  `);
}

async function prepareDatabase(adminUrl: string, { service, ownerPassword }: ServiceRoles): Promise<void> {
  const { database, owner } = namesOf(service);
  const url = urlOfDatabase(adminUrl, database);
  await withClient(adminUrl, (admin) => guard(admin, service, database));
  await grantRows(urlOfUser(url, owner, ownerPassword), service);
  await withClient(adminUrl, (admin) => admin.query(`COMMENT ON DATABASE ${identifier(database)} IS ${literal(MARK)}`));
}

async function ensureRole(
  admin: pg.Client,
  role: string,
  password: string,
  known: ReadonlySet<string>,
  setPasswords: boolean,
): Promise<void> {
  if (known.has(role) && !setPasswords) return;
  const verb = known.has(role) ? 'ALTER' : 'CREATE';
  await admin.query(`${verb} ROLE ${identifier(role)} LOGIN PASSWORD ${literal(password)}`);
  // Only a member of the role, or a super user, may create a database for it.
  await admin.query(`
    DO $$ BEGIN
      IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE ${literal(`GRANT ${identifier(role)} TO CURRENT_USER`)};
      END IF;
    END $$`);
}

async function existing(
  admin: pg.Client,
): Promise<{ readonly roles: ReadonlySet<string>; readonly databases: ReadonlyMap<string, string> }> {
  const roles = await admin.query<{ name: string }>('SELECT rolname AS name FROM pg_roles');
  const databases = await admin.query<{ name: string; mark: string | null }>(
    "SELECT datname AS name, shobj_description(oid, 'pg_database') AS mark FROM pg_database",
  );
  return {
    roles: new Set(roles.rows.map(({ name }) => name)),
    databases: new Map(databases.rows.map(({ name, mark }) => [name, mark ?? ''])),
  };
}
