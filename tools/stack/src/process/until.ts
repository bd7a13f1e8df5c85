import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds between two probes; by default 50 at first, and up to 250 after a while. */
  readonly every?: number;
  /** Milliseconds until giving up. */
  readonly timeout: number;
}

const SOONEST_MS = 50;
const LATEST_MS = 250;
/** Waits at most this part of the time so far, so that probes of a slow start do not slow it down. */
const PART = 1 / 20;

/**
 * Probes until a probe gives true. Returns false if the time is up. A probe that throws counts as "not yet". An abort
 * is thrown at once, even while a probe is waiting.
 */
export async function until(
  probe: () => Promise<boolean> | boolean,
  { signal, every, timeout }: UntilOptions,
): Promise<boolean> {
  const began = performance.now();
  const deadline = began + timeout;
  using aborted = abortOf(signal);
  for (;;) {
    signal?.throwIfAborted();
    if (await Promise.race([attempt(probe), aborted.promise])) return true;
    if (performance.now() >= deadline) return false;
    const pause = every ?? Math.min(Math.max((performance.now() - began) * PART, SOONEST_MS), LATEST_MS);
    await delay(pause, undefined, signal === undefined ? {} : { signal });
  }
}

async function attempt(probe: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await probe();
  } catch {
    return false;
  }
}

function abortOf(signal: AbortSignal | undefined): Disposable & { readonly promise: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  // If it aborts between two probes, throwIfAborted throws.
  promise.catch(() => undefined);
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, [Symbol.dispose]: () => signal?.removeEventListener('abort', onAbort) };
}
