import { contract } from '@atlas/generated-reporting';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { freshnessOf } from '@atlas/runtime/slonik';
import { consumersOf } from './consumers.ts';
import { projections } from './projections/index.ts';
import { getRebuild, startRebuild } from './rebuild/handlers.ts';
import { runRebuilds } from './rebuild/runRebuilds.ts';
import { reports } from './reports/index.ts';

const env = serviceEnv(process.env);

void runRebuilds({ databaseUrl: env.databaseUrl, projections });

await runService(contract, {
  env,
  migrations: new URL('../migrations/', import.meta.url),
  handlers: { ...reports((db) => freshnessOf(db, contract)), getRebuild, startRebuild },
  consumers: consumersOf(projections),
});
