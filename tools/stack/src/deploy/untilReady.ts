import { lastLines } from '../process/lastLines.ts';
import { until } from '../process/until.ts';
import type { ServiceProcess } from './spawnService.ts';

export interface ReadyOptions {
  /**
   * Milliseconds until giving up, 90,000 by default. It is long because the consumer group admits no new member for a
   * while after a process of the service was killed.
   */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Resolves once a service says that it is ready. If the time is up or the service has ended, throws what is missing.
 */
export async function untilReady(
  { service, adminUrl, log, logFrom, gone }: Pick<ServiceProcess, 'service' | 'adminUrl' | 'log' | 'logFrom' | 'gone'>,
  { timeout = 90_000, signal }: ReadyOptions = {},
): Promise<void> {
  let ended = false;
  void gone.then(() => (ended = true));
  let lacks = 'it does not answer';
  const answered = await until(
    async () => {
      if (ended) return true;
      const response = await fetch(`${adminUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      lacks = await response.text();
      return response.ok;
    },
    { timeout, ...(signal === undefined ? {} : { signal }) },
  );
  if (ended) throw new Error(`${service} has ended\n${lastLines(log, 12, logFrom)}\n  log: ${log}`);
  if (!answered) throw new Error(`${service} is not ready after ${timeout / 1000} s: ${lacks}\n  log: ${log}`);
}
