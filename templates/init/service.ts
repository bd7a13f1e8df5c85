import { code, ident, lit, type Code } from '@atlas/ir';
import { handlerOf } from './app.ts';
import { spellings, type NewService } from './newService.ts';

export function packageFile({ name, packageName, versions }: NewService): string {
  const dependencies = {
    [packageName.text.slice(1, -1)]: 'workspace:*',
    '@atlas/runtime': 'workspace:*',
    slonik: versions.slonik,
  };
  const content = {
    name: `@atlas/service-${name}`,
    version: '0.1.0',
    private: true,
    license: 'Apache-2.0',
    type: 'module',
    dependencies,
    devDependencies: { '@atlas/stack': 'workspace:*' },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

export function mainFile({ packageName, one, many, reads }: NewService): Code {
  const { Pascal } = one;
  const handlers = [code`open${Pascal}`, code`close${Pascal}`, code`get${Pascal}`];
  const on = reads && ident(handlerOf(reads.message.name));
  const deps = code`{ ${many.camel} }`;
  return code`
    import { contract } from ${packageName};
    import { runService, serviceEnv } from '@atlas/runtime/service';
    import { pg${Pascal}Store as ${many.camel} } from './adapters/pg${Pascal}Store.ts';
    ${handlers.map((handler) => code`import { ${handler} } from './app/${handler}.ts';`)}
    ${on && code`import { ${on} } from './app/${on}.ts';`}

    await runService(contract, {
      env: serviceEnv(process.env),
      migrations: new URL('../migrations/', import.meta.url),
      handlers: {
        ${handlers.map((handler) => code`${handler}: ${handler}(${deps}),`)}
      },
      consumers: {
        ${on && code`${on}: ${on}(${deps}),`}
      },
    });
  `;
}

export function migrateFile({ name, packageName }: NewService): Code {
  const { kebab, snake } = spellings(name);
  return code`
    import { contract } from ${packageName};
    import { runMigrations } from '@atlas/runtime/migrate';

    /** Migrates the database to this release. DATABASE_URL is its address as the role that owns it. */
    const ownerUrl = process.env['DATABASE_URL'];
    if (!ownerUrl) throw new Error('DATABASE_URL is not set: give the address of the database as ${snake}_owner');

    const applied = await runMigrations({ contract, ownerUrl, migrations: new URL('../migrations/', import.meta.url) });
    console.log(
      applied.length === 0 ? '${kebab}: nothing to migrate' : applied.map((name) => \`${kebab}: \${name}\`).join('\\n'),
    );
  `;
}

export function portsFile({ one }: NewService): Code {
  const { camel, Pascal } = one;
  return code`
    import type { Read, Tx } from '@atlas/runtime';
    import type { Closed, Open, ${Pascal} } from './domain/${camel}.ts';

    export interface ${Pascal}Store {
      /** False if the subject already has one; then nothing is stored. */
      insert(tx: Tx, open: Open): Promise<boolean>;
      /**
       * Reads one, and locks it until the transaction ends. Undefined if there is none.
       * Throws \`VersionConflict\` if its version is not \`expected\`.
       */
      load(tx: Tx, ${camel}Id: string, expected?: bigint): Promise<${Pascal} | undefined>;
      /** Reads without locking, for queries. */
      read(read: Read, ${camel}Id: string): Promise<${Pascal} | undefined>;
      /** Writes the next version. Throws \`VersionConflict\` if the stored one is not the version before. */
      save(tx: Tx, closed: Closed): Promise<void>;
    }
  `;
}

export function storeFile({ name, one, many }: NewService): Code {
  const { camel, Pascal, snake } = one;
  // Postgres cuts the names of statements after 63 bytes.
  const statement = (verb: string): Code => lit(`${spellings(name).snake.text.slice(0, 40)}.${verb}`);
  return code`
    import { sql } from 'slonik';
    import { VersionConflict } from '@atlas/runtime';
    import { rows, slonikOf } from '@atlas/runtime/slonik';
    import type { ${Pascal} } from '../domain/${camel}.ts';
    import type { ${Pascal}Store } from '../ports.ts';

    interface Row {
      readonly ${camel}Id: string;
      readonly version: bigint;
      readonly subject: string;
      readonly state: ${Pascal}['state'];
      readonly openedBy: string;
      readonly openedAt: Date;
      readonly closedAt: Date | null;
    }

    const SELECT = sql.fragment\`
      SELECT ${snake}_id AS "${camel}Id", version, subject, state, opened_by AS "openedBy", opened_at AS "openedAt",
        closed_at AS "closedAt"
      FROM ${many.snake}\`;

    /** The aggregate in Postgres, in the transaction that the plumbing opened. */
    export const pg${Pascal}Store: ${Pascal}Store = {
      insert: async (tx, { ${camel}Id, version, subject, state, openedBy, openedAt }) => {
        const { rowCount } = await slonikOf(tx).query(sql.prepared(${statement('insert')}, rows<never>())\`
          INSERT INTO ${many.snake} (${snake}_id, version, subject, state, opened_by, opened_at)
          VALUES (\${${camel}Id}, \${version}, \${subject}, \${state}, \${openedBy}, \${openedAt.toISOString()})
          ON CONFLICT (subject) DO NOTHING\`);
        return rowCount === 1;
      },

      load: async (tx, ${camel}Id, expected) => {
        const row = await slonikOf(tx).maybeOne(sql.prepared(${statement('lock')}, rows<Row>())\`\${SELECT}
          WHERE ${snake}_id = \${${camel}Id} FOR UPDATE\`);
        if (row && expected !== undefined && row.version !== expected)
          throw new VersionConflict(${camel}Id, expected, row.version);
        return row ? stateOf(row) : undefined;
      },

      read: async (read, ${camel}Id) => {
        const row = await slonikOf(read).maybeOne(sql.prepared(${statement('select')}, rows<Row>())\`\${SELECT}
          WHERE ${snake}_id = \${${camel}Id}\`);
        return row ? stateOf(row) : undefined;
      },

      save: async (tx, { ${camel}Id, version, state, closedAt }) => {
        const db = slonikOf(tx);
        const before = version - 1n;
        const { rowCount } = await db.query(sql.prepared(${statement('update')}, rows<never>())\`
          UPDATE ${many.snake} SET version = \${version}, state = \${state}, closed_at = \${closedAt.toISOString()}
          WHERE ${snake}_id = \${${camel}Id} AND version = \${before}\`);
        if (rowCount === 1) return;
        const stored = await db.one(sql.prepared(${statement('version')}, rows<Pick<Row, 'version'>>())\`
          SELECT version FROM ${many.snake} WHERE ${snake}_id = \${${camel}Id}\`);
        throw new VersionConflict(${camel}Id, before, stored.version);
      },
    };

    function stateOf({ state, closedAt, ...opening }: Row): ${Pascal} {
      if (state === 'OPEN') return { ...opening, state };
      if (!closedAt) throw new Error('a closed row has no closed_at, which the constraint closed_at_some_time rules out');
      return { ...opening, state, closedAt };
    }
  `;
}

/** The first migration: the aggregate's table, and what the service's own role may do with it. */
export function migrationFile({ name, one, many }: NewService): Code {
  const service = spellings(name);
  const { snake } = one;
  return code`-- The table of the aggregate. How a row was opened never changes: the role of the service may update only its progress.
-- It may not delete rows.

CREATE TABLE ${many.snake} (
  ${snake}_id uuid PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1),
  subject text NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),
  opened_by text NOT NULL CHECK (opened_by <> ''),
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  CONSTRAINT closed_at_some_time CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL))
);
COMMENT ON COLUMN ${many.snake}.version IS '1 for a new row, and one more with each committed change. It is the ETag.';
COMMENT ON COLUMN ${many.snake}.subject IS 'What it is about.';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${service.snake}_app') THEN
    REVOKE ALL ON ${many.snake} FROM ${service.snake}_app;
    GRANT SELECT, INSERT ON ${many.snake} TO ${service.snake}_app;
    GRANT UPDATE (version, state, closed_at) ON ${many.snake} TO ${service.snake}_app;
  END IF;
END
$$;
`;
}
