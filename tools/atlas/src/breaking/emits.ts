/** How what a handler may return differs; undefined if it does not. Each text is one alternative. */
export function emitsDifference(
  old: readonly string[],
  next: readonly string[],
): { readonly says: string; readonly isGone: boolean } | undefined {
  const isGone = old.some((tuple) => !next.includes(tuple));
  if (!isGone && next.every((tuple) => old.includes(tuple))) return undefined;
  return { says: `may return ${shown(next)} instead of ${shown(old)}`, isGone };
}

/** Why no witness proves that an alternative is gone. */
export const EMITS_DETAIL = 'each event stays the same; only the handler has to change';

function shown(tuples: readonly string[]): string {
  return tuples.map((tuple) => `[${tuple}]`).join(' or ');
}
