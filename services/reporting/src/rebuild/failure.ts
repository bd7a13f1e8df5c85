/** A rebuild cannot go on. The message tells the operator what is wrong and what to do. */
export class RebuildFailure extends Error {
  override readonly name = 'RebuildFailure';
}

/** The text for the operator. */
export function failureText(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2_000);
}
