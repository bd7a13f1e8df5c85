import { contract, type Consumers } from '@atlas/generated-reporting';
import type { ServiceContract } from '@atlas/runtime';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { consumersOf } from './consumers.ts';
import { projections } from './projections/index.ts';
import { runRebuilds } from './rebuild/runRebuilds.ts';

const { service, document, messages, consumers, dlqTopic, migrations } = contract;

// without operations until there are handlers of them
const consuming: ServiceContract<Record<string, never>, Consumers> = {
  service,
  document,
  operations: [],
  messages,
  consumers,
  dlqTopic,
  migrations,
};

const env = serviceEnv(process.env);
void runRebuilds({ databaseUrl: env.databaseUrl, projections });
await runService(consuming, {
  env,
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {},
  consumers: consumersOf(projections),
});
