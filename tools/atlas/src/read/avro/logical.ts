import { AVRO_LOGICAL_TYPES, isAvroLogical, type AvroLogical, type AvroLogicalName } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { didYouMean } from '../../document/suggest.ts';
import { avroLimits, type Report } from './report.ts';

/** The size of a fixed with the logical type. A decimal may have any size. */
const FIXED_SIZES: ReadonlyMap<AvroLogicalName, number> = new Map([
  ['uuid', 16],
  ['duration', 12],
]);

/**
 * The logical type of a schema object on `base`; `size` is that of a fixed. An unknown one is ignored, as the
 * specification says. A known one on the wrong base would be ignored as well, which nobody intends, so it is an error.
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
    report.error('ATL4002', 'logicalType is not a string', written.valueLoc, 'write it in quotes');
    return undefined;
  }
  if (!isAvroLogical(name)) {
    const fix = didYouMean(name, Object.keys(AVRO_LOGICAL_TYPES));
    if (fix !== undefined)
      report.warning('ATL4011', `unknown logicalType ${JSON.stringify(name)} is ignored`, written.valueLoc, fix);
    return undefined;
  }
  const bases: readonly string[] = AVRO_LOGICAL_TYPES[name];
  if (!bases.includes(base)) {
    const message = `logicalType ${name} does not apply to ${base}`;
    report.error('ATL4010', message, written.valueLoc, `use type ${bases.join(' or ')}`);
    return undefined;
  }
  const wanted = FIXED_SIZES.get(name);
  if (size !== undefined && wanted !== undefined && size !== wanted) {
    const loc = cursor.get('size')?.valueLoc ?? cursor.loc;
    report.error('ATL4010', `a ${name} has ${wanted} bytes, not ${size}`, loc, `write "size": ${wanted}`);
    return undefined;
  }
  switch (name) {
    case 'decimal':
      return decimalOf(cursor, size, report);
    case 'big-decimal':
    case 'duration':
      return undefined;
    default:
      return { name };
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
  if (!precision)
    return wrong('the decimal has no precision', undefined, 'add "precision", the greatest number of digits');
  if (digits === undefined || !Number.isInteger(digits) || digits < 1 || digits > avroLimits.precision)
    return wrong(
      `the precision of a decimal must be a whole number from 1 to ${avroLimits.precision}`,
      precision,
      'write the greatest number of digits',
    );
  if (fraction === undefined || !Number.isInteger(fraction) || fraction < 0)
    return wrong('the scale of a decimal must be a whole number from 0', scale, 'write the number of decimal places');
  if (fraction > digits)
    return wrong(
      `scale ${fraction} is greater than precision ${digits}`,
      scale,
      'raise the precision, which includes the scale',
    );
  if (size !== undefined && digits > digitsIn(size))
    return wrong(
      `${size} bytes hold decimals of at most ${digitsIn(size)} digits, not ${digits}`,
      precision,
      `write "size": ${bytesFor(digits)} or more`,
    );
  return { name: 'decimal', precision: digits, scale: fraction };
}

/** The number of digits that always fit into `size` bytes of two's complement. */
function digitsIn(size: number): number {
  return Math.floor(Math.log10(2) * (8 * size - 1));
}

function bytesFor(digits: number): number {
  let size = 1;
  while (digitsIn(size) < digits) size++;
  return size;
}
