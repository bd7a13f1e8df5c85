import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds between two probes. */
  readonly every?: number;
  /** Milliseconds until giving up. */
  readonly timeout: number;
}

/** Probes until the probe says true. False when the time is up; a probe that throws counts as "not yet". */
export async function until(
  probe: () => Promise<boolean> | boolean,
  { signal, every = 50, timeout }: UntilOptions,
): Promise<boolean> {
  const deadline = performance.now() + timeout;
  for (;;) {
    signal?.throwIfAborted();
    if (await attempt(probe)) return true;
    if (performance.now() >= deadline) return false;
    await delay(every, undefined, signal === undefined ? {} : { signal });
  }
}

async function attempt(probe: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await probe();
  } catch {
    return false;
  }
}
