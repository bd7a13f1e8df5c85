/** Exit codes of every command. */
export const EXIT = { clean: 0, bug: 1, usage: 2, findings: 100 } as const;

/** An error in how atlas was called or configured, which the user can fix; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
