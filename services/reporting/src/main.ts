import { contract, type Consumers } from '@atlas/generated-reporting';
import type { ServiceContract } from '@atlas/runtime';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { freshnessOf } from '@atlas/runtime/slonik';
import { consumersOf } from './consumers.ts';
import { projections } from './projections/index.ts';
import { reports, type ReportHandlers } from './reports/index.ts';

const handlers = reports((db) => freshnessOf(db, contract));

// without the operations of rebuilds until there are handlers of them
const serving: ServiceContract<ReportHandlers, Consumers> = {
  service: contract.service,
  document: contract.document,
  operations: contract.operations.filter(({ id }) => id in handlers),
  toxicRoles: contract.toxicRoles ?? [],
  messages: contract.messages,
  consumers: contract.consumers,
  dlqTopic: contract.dlqTopic,
  migrations: contract.migrations,
};

await runService(serving, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers,
  consumers: consumersOf(projections),
});
