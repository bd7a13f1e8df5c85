import { flushCompileCache } from 'node:module';
import { sql } from 'slonik';
import { runService, serviceEnv } from '../../src/service/index.ts';
import { slonikOf } from '../../src/adapters/slonik/index.ts';
import { contract, migrations } from './contract.ts';
import { handlers } from './handlers.ts';

/** The box office as a process. Closing a show waits for lock 42, so that a test decides how long it takes. */
await runService(
  { ...contract, messages: [] },
  {
    env: serviceEnv(process.env),
    migrations,
    handlers: {
      ...handlers,
      closeShow: async (_input, tx) => {
        await slonikOf(tx).query(sql.unsafe`SELECT pg_advisory_xact_lock(42)`);
        return { status: 204, events: [] };
      },
    },
    consumers: {},
  },
);

// Node writes it at the end of a process, and tests kill most of these.
flushCompileCache();
