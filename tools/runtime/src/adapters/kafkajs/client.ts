// A reference, because a repository that checks these sources from outside sees only what they name.
// oxlint-disable-next-line typescript/triple-slash-reference -- an import of the declarations would be loaded
/// <reference path="./kafkajsRequestQueue.d.ts" />
import kafkajs, { type Kafka, type LogEntry } from 'kafkajs';
import { registerCodecs } from './codecs.ts';
import type { Log } from '../../ports/log.ts';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

export interface KafkaOptions {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** For SASL PLAIN. Set both or none. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly clientId: string;
  readonly log: Log;
}

/** Few and short retries. When kafkajs gives up, relay and consumer try again, and they know when to stop. */
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
 * kafkajs logs each failed try as an error. Here it is a warning: the runtime logs an error itself when it gives up.
 */
function warn(log: Log, { namespace, log: { message, error } }: LogEntry): void {
  log.warn({ kafkajs: namespace, ...(error === undefined ? {} : { error: String(error) }) }, message);
}

const schedule = Reflect.get(RequestQueue.prototype, 'scheduleCheckPendingRequests');

/**
 * kafkajs 2.2.4 sets a timer after each response to look for requests that throttling holds back. If nothing is held
 * back, it subtracts the clock from -1, and Node prints a TimeoutNegativeWarning. Then the timer is not needed, so none
 * is set.
 */
RequestQueue.prototype.scheduleCheckPendingRequests = function check(this: RequestQueue): void {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
};
