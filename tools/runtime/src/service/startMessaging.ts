import type { Check } from '../ports/readiness.ts';
import { type BacklogOptions, watchBacklog } from './backlog.ts';
import { guarded } from './guarded.ts';
import { Subscriber } from '../inbox/subscriber.ts';
import { inboxMeters } from '../inbox/meters.ts';
import type { SubscriberOptions } from '../inbox/options.ts';
import { outboxMeters } from '../outbox/meters.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Store } from '../ports/sql.ts';
import type { EffectTable, TimerTable } from '../contract/service.ts';
import { Later } from './later.ts';
import type { Wake } from '../outbox/written.ts';
import { Publisher, type PublisherOptions } from '../outbox/publisher.ts';

/** The options for publishing and consuming events. */
export type MessagingOptions = Omit<PublisherOptions, 'meters'> &
  Omit<SubscriberOptions, 'meters' | 'wake'> & {
    readonly metrics: Metrics;
    /** The service's own figures, which are measured together with what waits. */
    readonly own?: BacklogOptions['own'];
    /** Handlers of timers and effects, by handler name. */
    readonly timers?: TimerTable;
    readonly effects?: EffectTable;
    /** Connections of timers and effects. `store` by default. */
    readonly timerStore?: Store;
    /** The relay's own connections. `store` by default. */
    readonly relayStore?: Store;
    /** Connections for measuring what waits. `store` by default. */
    readonly watchStore?: Store;
  };

/** Relay, consumers, timers and effects of a running service. */
export interface RunningMessaging {
  /** Call it after a commit, so that the work that it has left begins now, not at the next poll. */
  wake: Wake;
  readiness(): Promise<readonly Check[]> | readonly Check[];
  /** Stops fetching, finishes transactions, commits offsets, drains the relay, closes the broker's connections. */
  stop(): Promise<void>;
}

/**
 * Starts the relay and, if the service consumes events, its consumers. Returns at once: broker and registry are
 * contacted in the background, and readiness says what is missing. `stop` also closes the Kafka port. Throws
 * `AtlasError` ATLAS_HANDLER for a consumer without a handler.
 */
export async function startMessaging(options: MessagingOptions): Promise<RunningMessaging> {
  const { contract, metrics, kafka, store, clock, relayStore = store, watchStore = store } = options;
  const published = outboxMeters(metrics);
  const consumed = inboxMeters(metrics, published.dead);
  const publisher = new Publisher({ ...options, store: relayStore, meters: published });
  const wake: Wake = (written) => {
    if (written.events) publisher.wake();
    later?.wake(written);
  };
  const subscriber =
    contract.consumers.length === 0 ? undefined : new Subscriber({ ...options, meters: consumed, wake });
  const later = Later.of(options, published.dead, wake);
  const { lookEveryMs, own } = options;
  const backlog = watchBacklog({ store: watchStore, clock, publisher, lookEveryMs, later, own }, metrics);
  return {
    wake,
    readiness: async () => [
      publisher.lease(),
      // guarded separately, because a slow database must not hide the other checks
      await guarded('topics', () => publisher.topics()),
      publisher.schemas(),
      ...(subscriber ? [subscriber.readiness()] : []),
      ...(later ? [later.readiness()] : []),
    ],
    stop: async () => {
      // not awaited here, because the consumer would take more records in the meantime
      const watching = backlog.stop();
      // in this order, so that events of the last consumed records are published as well; an error of one part does not
      // keep the others from stopping
      const parts = [
        () => subscriber?.stop(),
        () => later?.stop(),
        () => publisher.stop(),
        () => watching,
        () => kafka.close(),
      ];
      const failures: unknown[] = [];
      for (const stop of parts) await Promise.resolve(stop()).catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, 'relay or consumer did not stop cleanly');
    },
  };
}
