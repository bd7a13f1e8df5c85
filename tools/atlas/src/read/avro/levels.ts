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

/**
 * Who reads what: with `backward`, readers with the new schema read old data; with `forward`, readers with the old
 * schema read new data.
 */
export type Reading = 'backward' | 'forward';

export function readingsOf(mode: Mode): readonly Reading[] {
  if (mode.startsWith('BACKWARD')) return ['backward'];
  return mode.startsWith('FORWARD') ? ['forward'] : ['backward', 'forward'];
}

/** Whether all old versions count, and not only the last one. */
export function isTransitive(mode: Mode): boolean {
  return mode.endsWith('_TRANSITIVE');
}

/** Whether a text is a level that compares something. A registry also has `NONE`. */
export function isMode(level: string): level is Mode {
  return MODES.some((mode) => mode === level);
}

/**
 * Which versions of an event a new one must be compatible with. Consumers start at the beginning of a topic, so new
 * readers read all old events. Running readers have the last version, and read new events.
 */
const WANTED: Readonly<Record<Reading, 'all' | 'last'>> = { backward: 'all', forward: 'last' };

const READINGS = ['backward', 'forward'] as const satisfies readonly Reading[];

/** The mode in which an event is compared with one old version, the last: everything that is required of it. */
export const EVENT_MODE: Mode = modeOf(READINGS, false);

/**
 * The level of a subject: what is required of all versions, because a registry has only one level for both readings.
 */
export const SUBJECT_LEVEL: Mode = modeOf(
  READINGS.filter((reading) => WANTED[reading] === 'all'),
  true,
);

/** The level that a subject gets instead of its present one, which is never weakened. */
export function raisedLevel(level: string): Mode {
  if (!isMode(level) || readingsOf(level).every((reading) => readingsOf(SUBJECT_LEVEL).includes(reading)))
    return SUBJECT_LEVEL;
  return modeOf(READINGS, isTransitive(level));
}

/**
 * Whether a new version must be compatible with all old ones in a reading, or only with the last. `level` is the
 * subject's.
 */
export function asksAll(reading: Reading, level: string): boolean {
  return WANTED[reading] === 'all' || (isMode(level) && isTransitive(level) && readingsOf(level).includes(reading));
}

function modeOf(readings: readonly Reading[], transitive: boolean): Mode {
  const [only, other] = readings;
  const name = other ? 'FULL' : only === 'forward' ? 'FORWARD' : 'BACKWARD';
  return transitive ? `${name}_TRANSITIVE` : name;
}
