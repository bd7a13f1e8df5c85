import { AtlasError } from '../contract/atlasError.ts';

/*
 * Avro's timestamp-micros and timestamp-nanos are bigints in handlers and events, because a Date has only milliseconds.
 * (timestamp-millis is a Date already.) Whole milliseconds convert exactly in both directions. Finer parts are rounded
 * down, also before 1970, so that an instant never moves into the next millisecond.
 */

const NANOS_PER_MILLI = 1_000_000n;
const MICROS_PER_MILLI = 1_000n;

/** Microseconds since 1970-01-01T00:00Z. Throws ATLAS_TIMESTAMP for an invalid Date. */
export function microsOf(date: Date): bigint {
  return millisOf(date) * MICROS_PER_MILLI;
}

/**
 * Nanoseconds since 1970-01-01T00:00Z. Throws ATLAS_TIMESTAMP for an invalid Date. Avro's long ends in the year 2262,
 * so a codec refuses later dates.
 */
export function nanosOf(date: Date): bigint {
  return millisOf(date) * NANOS_PER_MILLI;
}

/**
 * The Date of an instant, rounded down to the millisecond. Throws ATLAS_TIMESTAMP beyond the year 275,760, where Date
 * ends.
 */
export function dateOfMicros(micros: bigint): Date {
  return dateOf(micros, MICROS_PER_MILLI);
}

/** The Date of an instant, rounded down to the millisecond. Throws ATLAS_TIMESTAMP like `dateOfMicros`. */
export function dateOfNanos(nanos: bigint): Date {
  return dateOf(nanos, NANOS_PER_MILLI);
}

function millisOf(date: Date): bigint {
  const millis = date.getTime();
  if (Number.isNaN(millis)) throw new AtlasError('ATLAS_TIMESTAMP', 'an invalid Date has no timestamp');
  return BigInt(millis);
}

/** Division of bigints rounds towards zero, which is up before 1970, so this corrects it. */
function dateOf(count: bigint, perMilli: bigint): Date {
  const rest = count % perMilli;
  const date = new Date(Number((count - rest) / perMilli - (rest < 0n ? 1n : 0n)));
  if (Number.isNaN(date.getTime())) throw new AtlasError('ATLAS_TIMESTAMP', `${count} is beyond the range of a Date`);
  return date;
}
