import { AtlasError } from '../contract/atlasError.ts';
import type { Check } from '../ports/readiness.ts';

const PATIENCE_MS = 2_000;

/** Runs a check. One that throws or takes too long is not ok, and its note says why. */
export async function guarded(name: string, check: () => Promise<Check>): Promise<Check> {
  const late = Promise.withResolvers<Check>();
  const timer = setTimeout(
    () => late.resolve({ name, ok: false, note: `no answer in ${PATIENCE_MS} ms` }),
    PATIENCE_MS,
  );
  try {
    return await Promise.race([check(), late.promise]);
  } catch (error) {
    return {
      name,
      ok: false,
      note: error instanceof AtlasError ? error.message : `the check of ${name} failed: ${String(error)}`,
    };
  } finally {
    clearTimeout(timer);
  }
}
