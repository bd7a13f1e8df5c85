import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { RunningMessaging } from '../../ports/messaging.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Store } from '../../ports/sql.ts';
import type { ServiceContract } from '../../contract/service.ts';
import type { BoundService } from './handlersOf.ts';
import type { ServiceEnv } from './serviceEnv.ts';

export interface MessagingOptions {
  readonly contract: Omit<ServiceContract<never, never>, 'bindHandlers' | 'bindConsumers'>;
  readonly env: ServiceEnv;
  readonly store: Store;
  readonly clock: Clock;
  readonly consumers: BoundService['consumers'];
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Relay and consumer of a service; nothing for one that neither sends nor reads, and then no Kafka client is loaded. */
export async function messagingOf({ contract, log }: MessagingOptions): Promise<RunningMessaging | undefined> {
  if (contract.messages.length === 0 && contract.consumers.length === 0) return undefined;
  log.warn({}, 'relay and consumer are not part of this runtime yet: events wait in the outbox');
  return undefined;
}
