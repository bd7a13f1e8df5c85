/**
 * Milliseconds to wait after attempt number `attempt` (the first is 1) has failed: a random value between 0 and
 * `baseMs` × 2^(attempt - 1), at most `capMs`. The randomness keeps callers that failed together from coming back
 * together.
 */
export function fullJitter(
  attempt: number,
  { baseMs, capMs }: { readonly baseMs: number; readonly capMs: number },
  random: () => number = Math.random,
): number {
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** (attempt - 1)));
}
