import { VersionConflict } from './contract/atlasError.ts';

/** How often a handler runs again because others were faster. */
const RETRIES = 3;

export interface ConflictOptions {
  /** Whether to run again after an error. By default, only after a `VersionConflict`. */
  readonly isConflict?: (error: unknown) => boolean;
  /** Awaited before each further try. `retry` is 1 for the first of them. */
  readonly pause?: (retry: number) => Promise<void>;
}

/**
 * Runs `transact` again, in a new transaction, if another one was faster, so that it sees what the other has written.
 * After three more tries, throws the last error.
 */
export async function throughConflicts<T>(
  transact: () => Promise<T>,
  { isConflict = isVersionConflict, pause }: ConflictOptions = {},
): Promise<T> {
  for (let retry = 1; ; retry++) {
    try {
      return await transact();
    } catch (error) {
      if (retry > RETRIES || !isConflict(error)) throw error;
    }
    await pause?.(retry);
  }
}

function isVersionConflict(error: unknown): boolean {
  return error instanceof VersionConflict;
}
