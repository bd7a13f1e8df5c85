import type { RunningMessaging } from '../ports/messaging.ts';
import { watchBacklog } from './backlog.ts';
import { Consuming } from '../inbox/consuming.ts';
import { meters as metersOf } from '../messaging/meters.ts';
import type { MessagingOptions } from '../messaging/options.ts';
import { Publishing } from '../outbox/publishing.ts';

export type { MessagingOptions };

/**
 * Starts the relay and, where the service reads anything, its consumer. Returns at once: broker and registry are looked for in the
 * background, and readiness says what is missing. `stop` also closes the Kafka port. Throws ATLAS_HANDLER for a consumer without a
 * function.
 */
export async function startMessaging(options: MessagingOptions): Promise<RunningMessaging> {
  const { contract, metrics, kafka } = options;
  const meters = metersOf(metrics);
  const publishing = new Publishing(options, meters);
  const consuming =
    contract.consumers.length === 0 ? undefined : new Consuming(options, { meters, wake: () => publishing.wake() });
  const backlog = watchBacklog(options, meters);
  return {
    wake: () => publishing.wake(),
    readiness: async () => [...(await publishing.readiness()), ...(consuming ? [consuming.readiness()] : [])],
    stop: async () => {
      // not waited for at first: meanwhile the consumer would take up more
      const watching = backlog.stop();
      // in this order, for what consumers have just done is to be published, too; one that stops badly keeps no other from it
      const parts = [() => consuming?.stop(), () => publishing.stop(), () => watching, () => kafka.close()];
      const failures: unknown[] = [];
      for (const stop of parts) await Promise.resolve(stop()).catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, 'relay or consumer did not stop cleanly');
    },
  };
}
