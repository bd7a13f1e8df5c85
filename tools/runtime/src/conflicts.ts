import { VersionConflict } from './contract/atlasError.ts';

/** How often a handler runs again because others were faster. */
const RETRIES = 3;

export interface ConflictOptions {
  /** Whether to run again after an error. A `VersionConflict` unless given. */
  readonly isConflict?: (error: unknown) => boolean;
  /** Awaited before each further try. The first one is 1. */
  readonly pause?: (retry: number) => Promise<void>;
}

/**
 * Runs `transact` again, in a new transaction, if another one was faster: it then finds what that one has written.
 * After three more tries, throws the error of the last one.
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
