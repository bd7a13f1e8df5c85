/** Every error that the runtime throws on purpose. `code` is stable; `message` says what happened and what to do. */
export class AtlasError extends Error {
  readonly code: string;
  readonly detail: unknown;

  constructor(code: string, message: string, options: { readonly cause?: unknown; readonly detail?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AtlasError';
    this.code = code;
    this.detail = options.detail;
  }
}

/**
 * A store found another version than the caller's. The answer is 412 if the operation declares If-Match; otherwise the
 * command runs again.
 */
export class VersionConflict extends AtlasError {
  constructor(aggregate: string, expected: bigint, actual: bigint) {
    super(
      'ATLAS_VERSION_CONFLICT',
      `${aggregate} is at version ${actual}, not ${expected}: read it again and repeat the change`,
    );
    this.name = 'VersionConflict';
  }
}
