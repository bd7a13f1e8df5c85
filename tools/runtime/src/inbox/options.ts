import type { Tx } from '../contract/handler.ts';
import type { ConsumerTable, ServiceContract } from '../contract/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { KafkaPort } from '../ports/kafka.ts';
import type { Wake } from '../outbox/written.ts';
import type { Log } from '../ports/log.ts';
import type { RegistryPort } from '../ports/registry.ts';
import type { SqlSession, Store } from '../ports/sql.ts';
import type { Decoders } from './decoders.ts';
import type { Fences } from './fences.ts';
import type { InboxMeters } from './meters.ts';
import type { UnknownSchemas } from './unknownSchemas.ts';
import type { Offsets } from './offsets.ts';
import type { Progress } from './progress.ts';

/** A handler of an event takes milliseconds. One that takes longer than this keeps too many other events waiting. */
export const HANDLER_MS = 10_000;

/** What a service gives to consume events. */
export interface SubscriberOptions {
  readonly contract: Pick<ServiceContract, 'service' | 'messages' | 'consumers' | 'timers' | 'effects' | 'dlqTopic'>;
  readonly store: Store;
  readonly kafka: KafkaPort;
  readonly registry: RegistryPort;
  readonly clock: Clock;
  /** The prefix of topics, subjects and the group's name. */
  readonly namespace: string;
  /**
   * The consumer group in Kafka, with the namespace. By default it is the service's own group. The database always uses
   * the service's own group.
   */
  readonly group?: string;
  /** The service's handlers of events, by consumer name. */
  readonly handlers: ConsumerTable;
  /** Turns the store's session into the `Tx` that handlers get. */
  readonly txOf: (session: SqlSession) => Tx;
  readonly log: Log;
  readonly meters: InboxMeters;
  /** After how many milliseconds without progress a partition with records to read makes the member not ready. */
  readonly stuckAfterMs?: number;
  /** How often to look at what waits in Kafka and in the database, in milliseconds. */
  readonly lookEveryMs?: number;
  /** A handler that takes longer is given up, in milliseconds. */
  readonly handlerMs?: number;
  /** Commits offsets at the end of each batch, not only every half second. */
  readonly commitEachBatch?: boolean;
  /** Called after a commit that left events, dead letters, timers or effects. */
  readonly wake: Wake;
}

/** What the transactions of inbox and parking need. */
export interface InboxOptions extends Pick<
  SubscriberOptions,
  'contract' | 'store' | 'clock' | 'namespace' | 'txOf' | 'log' | 'meters' | 'commitEachBatch' | 'wake'
> {
  readonly group: string;
  readonly handlerMs: number;
  readonly decoders: Decoders;
  readonly unknownSchemas: UnknownSchemas;
  readonly fences: Fences;
  readonly offsets: Offsets;
  readonly progress: Progress;
}
