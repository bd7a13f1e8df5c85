/**
 * The outcome of `work` if it settles within `ms` milliseconds. Otherwise throws what `late` returns. The work itself
 * goes on and its outcome is dropped, so the caller has to make sure that it can do no harm.
 */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
