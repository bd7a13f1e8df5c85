/** Exit codes of every command. */
export const EXIT = { clean: 0, bug: 1, usage: 2, findings: 100 } as const;

/** Something that the user can put right by calling atlas otherwise; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
