import type { AvroLogical } from '@atlas/ir';
import type { Cursor } from '../../load/index.ts';
import { didYouMean } from '../../document/suggest.ts';
import { avroLimits } from './limits.ts';
import type { Report } from './report.ts';

/** The types that each logical type may stand on: Avro 1.12, "Logical Types". */
const BASES: Readonly<Record<string, readonly string[]>> = {
  decimal: ['bytes', 'fixed'],
  'big-decimal': ['bytes'],
  uuid: ['string', 'fixed'],
  date: ['int'],
  'time-millis': ['int'],
  'time-micros': ['long'],
  'timestamp-millis': ['long'],
  'timestamp-micros': ['long'],
  'timestamp-nanos': ['long'],
  'local-timestamp-millis': ['long'],
  'local-timestamp-micros': ['long'],
  'local-timestamp-nanos': ['long'],
  duration: ['fixed'],
};

/** Those that only say what the bytes mean; the TypeScript type stays that of the base. */
const PLAIN: ReadonlySet<string> = new Set(['big-decimal', 'duration']);

/**
 * The logical type of a schema object on `base`. An unknown one is ignored, as the specification says; a known one on
 * the wrong base would be ignored as well, which nobody means, so it is an error.
 */
export function logicalOf(
  cursor: Cursor,
  base: string,
  size: number | undefined,
  report: Report,
): AvroLogical | undefined {
  const written = cursor.get('logicalType');
  if (!written) return undefined;
  const name = written.string();
  if (name === undefined) {
    report.error('ATL4002', 'logicalType is no text', written.valueLoc, 'write it in quotes');
    return undefined;
  }
  const bases = Object.hasOwn(BASES, name) ? BASES[name] : undefined;
  if (!bases) {
    const fix = didYouMean(name, Object.keys(BASES));
    if (fix !== undefined)
      report.warning('ATL4011', `unknown logicalType ${JSON.stringify(name)} is ignored`, written.valueLoc, fix);
    return undefined;
  }
  if (!bases.includes(base)) {
    report.error(
      'ATL4010',
      `logicalType ${name} can not stand on ${base}`,
      written.valueLoc,
      `let the type be ${bases.join(' or ')}`,
    );
    return undefined;
  }
  if (name === 'decimal') return decimalOf(cursor, size, report);
  const wanted = name === 'uuid' ? 16 : name === 'duration' ? 12 : undefined;
  if (size !== undefined && wanted !== undefined && size !== wanted) {
    report.error(
      'ATL4010',
      `a ${name} takes ${wanted} bytes, not ${size}`,
      cursor.get('size')?.valueLoc ?? cursor.loc,
      `write "size": ${wanted}`,
    );
    return undefined;
  }
  return PLAIN.has(name) ? undefined : named(name);
}

function named(name: string): AvroLogical | undefined {
  switch (name) {
    case 'uuid':
    case 'date':
    case 'time-millis':
    case 'time-micros':
    case 'timestamp-millis':
    case 'timestamp-micros':
    case 'timestamp-nanos':
    case 'local-timestamp-millis':
    case 'local-timestamp-micros':
    case 'local-timestamp-nanos':
      return { name };
    default:
      return undefined;
  }
}

function decimalOf(cursor: Cursor, size: number | undefined, report: Report): AvroLogical | undefined {
  const precision = cursor.get('precision');
  const scale = cursor.get('scale');
  const digits = precision?.number();
  const fraction = scale ? scale.number() : 0;
  const wrong = (message: string, at: Cursor | undefined, fix: string): undefined => {
    report.error('ATL4009', message, at?.valueLoc ?? cursor.loc, fix);
    return undefined;
  };
  if (!precision) return wrong('a decimal has no precision', undefined, 'add "precision", the most digits it may have');
  if (digits === undefined || !Number.isInteger(digits) || digits < 1 || digits > avroLimits.precision)
    return wrong(
      `the precision of a decimal is a whole number from 1 to ${avroLimits.precision}`,
      precision,
      'write the most digits it may have',
    );
  if (fraction === undefined || !Number.isInteger(fraction) || fraction < 0)
    return wrong('the scale of a decimal is a whole number from 0', scale, 'write the digits after the point');
  if (fraction > digits)
    return wrong(
      `scale ${fraction} is greater than precision ${digits}`,
      scale,
      'the scale counts in the precision: raise that',
    );
  if (size !== undefined && digits > digitsIn(size))
    return wrong(
      `${size} bytes hold decimals of ${digitsIn(size)} digits, not ${digits}`,
      precision,
      `write "size": ${bytesFor(digits)} or more`,
    );
  return { name: 'decimal', precision: digits, scale: fraction };
}

/** Digits that always fit into so many bytes of two's complement. */
function digitsIn(size: number): number {
  return Math.floor(Math.log10(2) * (8 * size - 1));
}

function bytesFor(digits: number): number {
  let size = 1;
  while (digitsIn(size) < digits) size++;
  return size;
}
