import type { Check } from '../ports/readiness.ts';
import { watchBacklog } from './backlog.ts';
import { Subscriber } from '../inbox/subscriber.ts';
import { inboxMeters } from '../inbox/meters.ts';
import type { SubscriberOptions } from '../inbox/options.ts';
import { outboxMeters } from '../outbox/meters.ts';
import type { Metrics } from '../ports/metrics.ts';
import { Publisher, type PublisherOptions } from '../outbox/publisher.ts';

/** What a service gives to publish and to consume events. */
export type MessagingOptions = Omit<PublisherOptions, 'meters'> &
  Omit<SubscriberOptions, 'meters' | 'wake'> & { readonly metrics: Metrics };

/** Relay and consumer of a started service. */
export interface RunningMessaging {
  /** A transaction with events has committed: publish now rather than at the next poll. */
  wake(): void;
  readiness(): Promise<readonly Check[]> | readonly Check[];
  /** Stops fetching, finishes transactions, commits offsets, drains the relay, closes the broker's connections. */
  stop(): Promise<void>;
}

/**
 * Starts the relay and, where the service reads anything, its consumer. Returns at once: broker and registry are looked
 * for in the background, and readiness says what is missing. `stop` also closes the Kafka port. Throws ATLAS_HANDLER
 * for a consumer without a function.
 */
export async function startMessaging(options: MessagingOptions): Promise<RunningMessaging> {
  const { contract, metrics, kafka } = options;
  const published = outboxMeters(metrics);
  const consumed = inboxMeters(metrics, published.dead);
  const publisher = new Publisher({ ...options, meters: published });
  const subscriber =
    contract.consumers.length === 0
      ? undefined
      : new Subscriber({ ...options, meters: consumed, wake: () => publisher.wake() });
  const backlog = watchBacklog(options, { ...published, ...consumed });
  return {
    wake: () => publisher.wake(),
    readiness: async () => [...(await publisher.readiness()), ...(subscriber ? [subscriber.readiness()] : [])],
    stop: async () => {
      // not waited for at first: meanwhile the consumer would take up more
      const watching = backlog.stop();
      // in this order, for what consumers have just done is to be published, too; one that stops badly keeps no other
      // from it
      const parts = [() => subscriber?.stop(), () => publisher.stop(), () => watching, () => kafka.close()];
      const failures: unknown[] = [];
      for (const stop of parts) await Promise.resolve(stop()).catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, 'relay or consumer did not stop cleanly');
    },
  };
}
