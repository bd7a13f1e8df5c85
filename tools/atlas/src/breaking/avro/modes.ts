/** The compatibility levels of a schema registry that compare something. */
export const MODES = [
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;

export type Mode = (typeof MODES)[number];

/** Who reads what: readers with the new schema old data (`backward`), or readers with the old schema new data. */
export type Reading = 'backward' | 'forward';

export function readingsOf(mode: Mode): readonly Reading[] {
  if (mode.startsWith('BACKWARD')) return ['backward'];
  return mode.startsWith('FORWARD') ? ['forward'] : ['backward', 'forward'];
}

/** Whether all old versions count, and not only the last one. */
export function isTransitive(mode: Mode): boolean {
  return mode.endsWith('_TRANSITIVE');
}
