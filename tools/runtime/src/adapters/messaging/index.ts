import type { RunningMessaging } from '../../ports/messaging.ts';
import { watchBacklog } from './backlog.ts';
import { Consuming } from './consume/consuming.ts';
import { meters as metersOf } from './meters.ts';
import type { MessagingOptions } from './options.ts';
import { Publishing } from './publishing.ts';

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
      await backlog.stop();
      try {
        await consuming?.stop();
      } finally {
        // last, for what consumers have just done is to be published, too; even after a stop that failed
        await publishing.stop().finally(() => kafka.close());
      }
    },
  };
}
