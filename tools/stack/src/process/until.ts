import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds between two probes. */
  readonly every?: number;
  /** Milliseconds until giving up. */
  readonly timeout: number;
}

/**
 * Probes until the probe says true. False when the time is up; a probe that throws counts as "not yet". An abort is
 * thrown at once, whatever a probe is still waiting for.
 */
export async function until(
  probe: () => Promise<boolean> | boolean,
  { signal, every = 50, timeout }: UntilOptions,
): Promise<boolean> {
  const deadline = performance.now() + timeout;
  using aborted = abortOf(signal);
  for (;;) {
    signal?.throwIfAborted();
    if (await Promise.race([attempt(probe), aborted.promise])) return true;
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

function abortOf(signal: AbortSignal | undefined): Disposable & { readonly promise: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  // An abort while nobody races against it is seen by throwIfAborted instead.
  promise.catch(() => undefined);
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, [Symbol.dispose]: () => signal?.removeEventListener('abort', onAbort) };
}
