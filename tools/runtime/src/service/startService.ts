import type { ConsumerTable, EffectTable, HandlerTable, ServiceContract, TimerTable } from '../contract/service.ts';
import type { Log } from '../ports/log.ts';
import type { RunningMessaging } from './startMessaging.ts';
import type { Clock } from '../ports/clock.ts';
import { tokenVerifier } from '../adapters/jose/tokenVerifier.ts';
import { systemClock } from '../adapters/clock/systemClock.ts';
import { createApp } from '../adapters/fastify/app.ts';
import { measureForeign } from '../foreign/watch.ts';
import { readOf, txOf } from '../adapters/slonik/session.ts';
import { checkHandlers } from './checkHandlers.ts';
import { messagingOf } from './messagingOf.ts';
import type { OwnGauge } from './ownGauges.ts';
import { readiness } from './readiness.ts';
import { Cleaner } from './retention/cleaner.ts';
import type { ServiceEnv } from './serviceEnv.ts';
import { startProcess, type RunningService } from './startProcess.ts';
import { webhookKeysOf } from './webhookKeys.ts';
import { openStores, waitForDatabase } from './stores.ts';

/** The handlers of timers or effects, which are required if the contract has any. */
type LaterHandlers<Member extends 'timers' | 'effects', Table> = string extends keyof Table
  ? { readonly [Name in Member]?: Table }
  : { readonly [Name in Member]: NoInfer<Table> };

export type ServiceOptions<
  Handlers extends HandlerTable,
  Consumers extends ConsumerTable,
  Timers extends TimerTable,
  Effects extends EffectTable,
> = ProcessOptions<Handlers, Consumers> & LaterHandlers<'timers', Timers> & LaterHandlers<'effects', Effects>;

interface ProcessOptions<Handlers extends HandlerTable, Consumers extends ConsumerTable> {
  readonly env: ServiceEnv;
  /** Folder of the service's own migrations. Readiness checks that they are applied; a start does not apply them. */
  readonly migrations?: URL;
  readonly handlers: NoInfer<Handlers>;
  readonly consumers: NoInfer<Consumers>;
  /** Figures from the service's own tables. Only for services with a contract of events. None by default. */
  readonly gauges?: readonly OwnGauge[];
  /** The system's clock by default. */
  readonly clock?: Clock;
  /** JSON lines on stdout by default. */
  readonly log?: Log;
}

/**
 * Starts a service: HTTP, relay and consumers in this process. Throws `AtlasError`, with a message for the operator, if
 * a handler is missing, keys cannot be read, a port is in use or the database is unavailable. The contract is the first
 * argument, so that TypeScript knows the types of the handlers before it reads them.
 */
export async function startService<
  Handlers extends HandlerTable,
  Consumers extends ConsumerTable,
  Timers extends TimerTable,
  Effects extends EffectTable,
>(
  contract: ServiceContract<Handlers, Consumers, Timers, Effects>,
  options: ServiceOptions<Handlers, Consumers, Timers, Effects>,
): Promise<RunningService> {
  const { env, migrations, handlers, consumers, gauges = [], clock = systemClock } = options;
  // cast: ServiceOptions has both members, required or optional; TypeScript can't see that through its conditional type
  const { timers = {}, effects = {} } = options as { timers?: TimerTable; effects?: EffectTable };
  checkHandlers(contract, { handlers, consumers, timers, effects });
  const webhookKeys = webhookKeysOf(contract.operations, env.webhookKeys);
  return startProcess({
    name: contract.service,
    env,
    log: options.log,
    open: async ({ log, metrics, onStop, readyWhen }) => {
      const authenticator = await tokenVerifier({
        ...env.auth,
        audience: contract.service,
        toxicRoles: contract.toxicRoles ?? [],
        clock,
        log,
        metrics,
      });
      const unmeasured = measureForeign(metrics);
      onStop(async () => unmeasured());
      const stores = openStores(env.databaseUrl, env.handlerMs, metrics);
      onStop(() => stores.close());
      const running: { messaging?: RunningMessaging | undefined } = {};
      readyWhen(
        readiness({
          contract,
          migrations,
          store: stores.watch,
          keys: authenticator.check,
          messaging: () => running.messaging,
        }),
      );
      await waitForDatabase(stores.watch, env.startPatienceMs, log);
      const parts = { contract, env, stores, clock, consumers, timers, effects, log, metrics, gauges };
      running.messaging = await messagingOf(parts);
      onStop(async () => running.messaging?.stop());
      const cleaner = new Cleaner({ store: stores.watch, clock, log, metrics, retention: env.retention }).start();
      onStop(() => cleaner.stop());
      return createApp({
        operations: contract.operations,
        ...(contract.basePath === undefined ? {} : { basePath: contract.basePath }),
        document: contract.document,
        handlers,
        plumbing: {
          store: stores.commands,
          clock,
          messages: contract.messages,
          later: contract,
          txOf,
          readOf,
          wake: (written) => running.messaging?.wake(written),
        },
        authenticator,
        webhookKeys,
        log,
        metrics,
      });
    },
  });
}
