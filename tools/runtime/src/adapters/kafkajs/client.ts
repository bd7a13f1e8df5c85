import kafkajs, { type Kafka, type LogEntry } from 'kafkajs';
import { registerCodecs } from './codecs.ts';
import type { Log } from '../../ports/log.ts';

export interface KafkaOptions {
  /** Each is `host:port`. */
  readonly brokers: readonly string[];
  /** For SASL PLAIN. Set both or neither. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly clientId: string;
  /**
   * For how long the broker may get no sign of life from a member of a group, in milliseconds. 15 seconds by default.
   */
  readonly sessionMs?: number;
  readonly log: Log;
}

/** Few and short retries. When kafkajs gives up, the relay or the consumer tries again, and these know when to stop. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 } as const;

export function kafkaClient({ brokers, username, password, clientId, log }: KafkaOptions): Kafka {
  registerCodecs();
  return new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: 15_000,
    retry: RETRY,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => warn(log, entry),
    ...(username === undefined || password === undefined
      ? {}
      : { sasl: { mechanism: 'plain' as const, username, password } }),
  });
}

/**
 * kafkajs logs each failed try as an error. Here it becomes a warning, because the runtime itself logs an error when it
 * gives up.
 */
function warn(log: Log, { namespace, log: { message, error } }: LogEntry): void {
  log.warn({ kafkajs: namespace, ...(error === undefined ? {} : { error: String(error) }) }, message);
}
