/**
 * Milliseconds to wait before try number `attempt` + 1 (the first try is 1): at random between nothing and base × 2^(attempt - 1), at
 * most `cap`. Full jitter keeps those that failed together from coming back together.
 */
export function fullJitter(
  attempt: number,
  { baseMs, capMs }: { readonly baseMs: number; readonly capMs: number },
  random: () => number = Math.random,
): number {
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** (attempt - 1)));
}
