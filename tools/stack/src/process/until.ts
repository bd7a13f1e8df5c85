import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds between two probes. */
  readonly every?: number;
  /** Milliseconds until giving up. */
  readonly timeout: number;
}

/**
 * Probes until a probe gives true. Returns false if the time is up. A probe that throws counts as "not yet". An abort
 * is thrown at once, even while a probe is waiting.
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
  // If it aborts between two probes, throwIfAborted throws.
  promise.catch(() => undefined);
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, [Symbol.dispose]: () => signal?.removeEventListener('abort', onAbort) };
}
