import { AtlasError } from '../contract/atlasError.ts';

/**
 * The outcome of `work` if it ends within `ms` milliseconds. Otherwise throws what `late` returns. The work itself goes
 * on and its outcome is dropped, so the caller must make sure that it can do no harm.
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

/**
 * `within` for the handler `name`, in a transaction: throws `AtlasError` ATLAS_HANDLER_TIMEOUT, which rolls it back.
 */
export function handlerWithin<T>(name: string, ms: number, work: Promise<T>): Promise<T> {
  return within(
    ms,
    work,
    () =>
      new AtlasError('ATLAS_HANDLER_TIMEOUT', `${name} did not return within ${ms} ms: its transaction is cancelled`),
  );
}
