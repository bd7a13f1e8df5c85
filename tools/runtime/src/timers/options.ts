import type { Tx } from '../contract/handler.ts';
import type { ServiceContract } from '../contract/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Wake } from '../outbox/written.ts';
import type { SqlSession, Store } from '../ports/sql.ts';
import type { TimerMeters } from './meters.ts';

/** What timers and effects need. */
export interface TimerOptions {
  readonly contract: Pick<ServiceContract, 'service' | 'messages' | 'timers' | 'effects' | 'dlqTopic'>;
  readonly store: Store;
  readonly clock: Clock;
  /** How long a handler may take, in milliseconds. */
  readonly handlerMs: number;
  /** Turns the store's session into the `Tx` that handlers get. */
  readonly txOf: (session: SqlSession) => Tx;
  readonly log: Log;
  readonly meters: TimerMeters;
  /** Called after a commit that left events, dead letters, timers or effects. */
  readonly wake: Wake;
}
