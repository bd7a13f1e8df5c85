import { systemClock } from '../adapters/clock/systemClock.ts';
import { kafkajsPort } from '../adapters/kafkajs/index.ts';
import { pinoLog } from '../adapters/pino/pinoLog.ts';
import { promMetrics } from '../adapters/prom-client/promMetrics.ts';
import { registryPort } from '../adapters/registry/index.ts';
import { txOf } from '../adapters/slonik/session.ts';
import type { ConsumerTable, EffectTable, HandlerTable, ServiceContract, TimerTable } from '../contract/service.ts';
import { inboxMeters } from '../inbox/meters.ts';
import { Subscriber } from '../inbox/subscriber.ts';
import { outboxMeters } from '../outbox/meters.ts';
import type { Log } from '../ports/log.ts';
import type { ServiceEnv } from './serviceEnv.ts';
import { consumerStore } from './stores.ts';
import { Limits, type Mark } from '../inbox/limits.ts';

export interface ReplayOptions<Consumers extends ConsumerTable> {
  readonly env: Pick<ServiceEnv, 'databaseUrl' | 'kafka' | 'registryUrl' | 'namespace' | 'handlerMs'>;
  readonly consumers: NoInfer<Consumers>;
  /**
   * The schema in the database that has copies of all tables that consumers and plumbing use. No other schema is used.
   */
  readonly schema: string;
  /**
   * The consumer group is `<service>.<name>`. It must be new, because a group that has offsets continues from there.
   */
  readonly name: string;
  /** By default, warnings as JSON lines on stdout. */
  readonly log?: Log;
}

/** A consumer that reads its topics from their beginning to given offsets. */
export interface Replay {
  /** The first offset of each partition that Kafka still has. */
  readonly begins: readonly Mark[];
  /** The first offset of each partition that is not consumed yet. */
  marks(): readonly Mark[];
  /** The ends of the partitions. Throws `AtlasError` ATLAS_KAFKA_POSITIONS if the broker does not answer. */
  ends(): Promise<readonly Mark[]>;
  /**
   * Consumes everything before these offsets and nothing after them. Rejects with the signal's reason if it aborts.
   * Otherwise it waits as long as Kafka, the registry or the database is unavailable.
   */
  reach(marks: readonly Mark[], signal: AbortSignal): Promise<void>;
  /** Why it makes no progress, if it knows. */
  trouble(): string | undefined;
  /** Stops logging until the returned function is called, because the tables are about to be moved. */
  hush(): () => void;
  stop(): Promise<void>;
}

/**
 * Consumes the events of a contract once more, into copies of the tables in another schema. Consumers, inbox, retries,
 * parked keys and dead letters work exactly as in the service. Nothing is published: events and dead letters stay in
 * the copy of the outbox. No timers and no effects run. Throws `AtlasError` ATLAS_KAFKA_POSITIONS if the broker does
 * not answer, and ATLAS_HANDLER if a consumer is missing.
 */
export async function startReplay<
  Handlers extends HandlerTable,
  Consumers extends ConsumerTable,
  Timers extends TimerTable,
  Effects extends EffectTable,
>(
  contract: ServiceContract<Handlers, Consumers, Timers, Effects>,
  { env, consumers, schema, name, ...options }: ReplayOptions<Consumers>,
): Promise<Replay> {
  let hushed = false;
  const log = unless(() => hushed, options.log ?? pinoLog({ service: contract.service, level: 'warn' }));
  const { namespace } = env;
  const group = `${namespace}${contract.service}.${name}`;
  const topics = [...new Set(contract.consumers.map(({ message }) => namespace + message.topic))];
  const kafka = kafkajsPort({ ...env.kafka, clientId: `${contract.service}-${name}`, log });
  // what a crash of the database loses is read again, because the offsets are lost with it
  const settings = { search_path: schema, synchronous_commit: 'off' };
  const store = consumerStore(env.databaseUrl, env.handlerMs, { settings });
  const metrics = promMetrics(contract.service);
  const positions = await kafka.positions(group, topics).catch(async (error: unknown) => {
    await kafka.close();
    throw error;
  });
  const begins = positions.map(({ topic, partition, low }) => ({ topic, partition, next: low }));
  const limits = new Limits(begins);
  const subscriber = new Subscriber({
    contract,
    handlers: consumers,
    store,
    kafka: limits.limited(kafka),
    registry: registryPort({ url: env.registryUrl }),
    clock: systemClock,
    namespace,
    group,
    handlerMs: env.handlerMs,
    txOf,
    log,
    meters: inboxMeters(metrics, outboxMeters(metrics).dead),
    // the tables may be used as soon as a limit is reached
    commitEachBatch: true,
    wake: () => undefined,
  });
  return {
    begins,
    marks: () => limits.marks(),
    ends: async () =>
      (await kafka.positions(group, topics)).map(({ topic, partition, high }) => ({ topic, partition, next: high })),
    reach: (marks, signal) => limits.reach(marks, signal),
    trouble: () => {
      const { ok, note } = subscriber.readiness();
      return ok ? undefined : note;
    },
    hush: () => {
      hushed = true;
      return () => {
        hushed = false;
      };
    },
    stop: async () => {
      await subscriber.stop();
      await kafka.close();
      await store.close();
    },
  };
}

function unless(hushed: () => boolean, log: Log): Log {
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error'): Log['warn'] =>
    (fields, message) => {
      if (!hushed()) log[level](fields, message);
    };
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: (fields) => unless(hushed, log.child(fields)),
  };
}
