import type { ConsumerTable, EffectTable, HandlerTable, ServiceContract, TimerTable } from '../contract/service.ts';
import type { Log } from '../ports/log.ts';
import type { RunningMessaging } from './startMessaging.ts';
import type { Clock } from '../ports/clock.ts';
import { tokenVerifier } from '../adapters/jose/tokenVerifier.ts';
import { systemClock } from '../adapters/clock/systemClock.ts';
import { createApp } from '../adapters/fastify/app.ts';
import { pinoLog } from '../adapters/pino/pinoLog.ts';
import { promMetrics } from '../adapters/prom-client/promMetrics.ts';
import { readOf, txOf } from '../adapters/slonik/session.ts';
import { adminServer } from './adminServer.ts';
import { checkHandlers } from './checkHandlers.ts';
import { listenError, urlOf } from './listen.ts';
import { messagingOf } from './messagingOf.ts';
import { readiness } from './readiness.ts';
import { Cleaner } from './retention/cleaner.ts';
import type { ServiceEnv } from './serviceEnv.ts';
import { webhookKeysOf } from './webhookKeys.ts';
import { openStores, waitForDatabase } from './stores.ts';

/** The handlers of timers or effects. They are required if the contract names any. */
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
  /** Folder of the service's own migrations. Readiness compares them; a start does not apply them. */
  readonly migrations?: URL;
  readonly handlers: NoInfer<Handlers>;
  readonly consumers: NoInfer<Consumers>;
  /** The system's clock unless given. */
  readonly clock?: Clock;
  /** JSON lines on stdout unless given. */
  readonly log?: Log;
}

export interface RunningService {
  /** REST, /docs, /openapi.json. */
  readonly url: string;
  /** /health/live, /health/ready, /metrics. */
  readonly adminUrl: string;
  /** Turns readiness off, accepts no new requests, finishes running ones, drains messages, closes connections. */
  stop(): Promise<void>;
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
  const { env, migrations, handlers, consumers, clock = systemClock } = options;
  // cast: ServiceOptions has both members, required or not; TypeScript can't see that through its conditional type
  const { timers = {}, effects = {} } = options as { timers?: TimerTable; effects?: EffectTable };
  checkHandlers(contract, { handlers, consumers, timers, effects });
  const webhookKeys = webhookKeysOf(contract.operations, env.webhookKeys);
  const log = options.log ?? pinoLog({ service: contract.service, level: env.logLevel });
  const metrics = promMetrics(contract.service);
  const authenticator = await tokenVerifier({
    ...env.auth,
    audience: contract.service,
    toxicRoles: contract.toxicRoles ?? [],
    clock,
    log,
    metrics,
  });
  const stores = openStores(env.databaseUrl, env.handlerMs, metrics);
  const closers: (() => Promise<void>)[] = [() => stores.close()];
  let messaging: RunningMessaging | undefined;
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const close of closers.splice(0).toReversed()) {
      await close().catch((error: unknown) => log.error({ err: error }, 'did not close cleanly'));
    }
  };
  try {
    const ready = readiness({
      contract,
      migrations,
      store: stores.watch,
      keys: authenticator.check,
      messaging: () => messaging,
      stopping: () => stopping,
    });
    const admin = await adminServer({
      service: contract.service,
      host: env.host,
      port: env.adminPort,
      readiness: ready,
      metrics,
      log,
    });
    closers.unshift(() => admin.close());
    await waitForDatabase(stores.watch, env.startPatienceMs, log);
    messaging = await messagingOf({ contract, env, stores, clock, consumers, timers, effects, log, metrics });
    closers.push(async () => messaging?.stop());
    const cleaner = new Cleaner({ store: stores.watch, clock, log, metrics, retention: env.retention }).start();
    closers.push(() => cleaner.stop());
    const app = await createApp({
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
        wake: (written) => messaging?.wake(written),
      },
      authenticator,
      webhookKeys,
      log,
      metrics,
    });
    closers.push(() => app.close());
    await app.listen({ host: env.host, port: env.port }).catch((error: unknown) => {
      throw listenError(error, env.host, env.port, 'PORT');
    });
    const url = urlOf(app.server);
    log.info({ url, adminUrl: admin.url }, 'listening');
    return { url, adminUrl: admin.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
