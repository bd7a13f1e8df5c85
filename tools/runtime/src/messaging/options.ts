import type { Tx } from '../contract/handler.ts';
import type { ConsumerTable, ServiceContract } from '../contract/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { KafkaPort } from '../ports/kafka.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { RegistryPort } from '../ports/registry.ts';
import type { SqlSession, Store } from '../ports/sql.ts';

export interface MessagingOptions {
  readonly contract: Pick<ServiceContract, 'service' | 'messages' | 'consumers' | 'dlqTopic'>;
  readonly store: Store;
  readonly kafka: KafkaPort;
  readonly registry: RegistryPort;
  readonly clock: Clock;
  /** Put before topics, subjects and the group's name. */
  readonly namespace: string;
  /** The service's handlers of events, by consumer name. */
  readonly handlers: ConsumerTable;
  /** The store's session as handlers know it. */
  readonly txOf: (session: SqlSession) => Tx;
  readonly log: Log;
  readonly metrics: Metrics;
}
