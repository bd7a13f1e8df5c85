import type { AvroEnum, AvroFixed } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { didYouMean } from '../../document/suggest.ts';
import { canonicalDefinition } from './canonical.ts';
import { logicalOf } from './logical.ts';
import { aliasesOf, isDotted, isName, nameFix } from './names.ts';
import { avroLimits, docOf, type Around, type ParsedSchema, type SchemaParser } from './schemaParser.ts';

/** Avro 1.12, "Enums". */
export function enumOf(cursor: Cursor, around: Around, parser: SchemaParser): ParsedSchema<AvroEnum> | undefined {
  const { report } = parser;
  const name = parser.define(cursor, around);
  const list = cursor.get('symbols');
  if (!list || !Array.isArray(list.value) || list.value.length === 0) {
    report.error('ATL4002', 'the enum has no symbols', list?.valueLoc ?? cursor.loc, 'add "symbols", a list of names');
    return undefined;
  }
  if (!parser.count(list, list.value.length)) return undefined;
  const symbols: string[] = [];
  for (const item of list.items()) {
    const symbol = item.string();
    if (symbol === undefined || !isName(symbol))
      report.error('ATL4003', `${JSON.stringify(item.value)} is not a valid symbol`, item.valueLoc, nameFix(symbol));
    else if (symbols.includes(symbol))
      report.error('ATL4005', `symbol ${symbol} is listed twice`, item.valueLoc, 'remove one');
    else symbols.push(symbol);
  }
  const fallback = cursor.get('default');
  const symbol = fallback?.string();
  if (fallback && (symbol === undefined || !symbols.includes(symbol)))
    report.error(
      'ATL4007',
      `the default of the enum is ${JSON.stringify(fallback.value)}, which is not one of its symbols`,
      fallback.valueLoc,
      didYouMean(symbol ?? '', symbols) ?? `write one of ${symbols.join(', ')}`,
    );
  const aliases = aliasesOf(cursor, report, isDotted);
  const doc = docOf(cursor, report);
  if (name === undefined || symbols.length < list.value.length) return undefined;
  const type: AvroEnum = {
    kind: 'enum',
    name,
    ...doc,
    symbols,
    ...(symbol === undefined ? {} : { default: symbol }),
  };
  parser.types.set(name, type);
  return { type, canonical: canonicalDefinition(cursor, name, aliases, around) };
}

/** Avro 1.12, "Fixed". */
export function fixedOf(cursor: Cursor, around: Around, parser: SchemaParser): ParsedSchema<AvroFixed> | undefined {
  const { report } = parser;
  const name = parser.define(cursor, around);
  const written = cursor.get('size');
  const size = written?.number();
  if (size === undefined || !Number.isInteger(size) || size < 0 || size > avroLimits.fixedSize) {
    report.error(
      'ATL4002',
      `the size of a fixed must be a whole number up to ${avroLimits.fixedSize}`,
      written?.valueLoc ?? cursor.loc,
      written ? 'write the number of bytes' : 'add "size", the number of bytes',
    );
    return undefined;
  }
  const logical = logicalOf(cursor, 'fixed', size, report);
  const aliases = aliasesOf(cursor, report, isDotted);
  if (name === undefined) return undefined;
  const type: AvroFixed = { kind: 'fixed', name, size, ...(logical ? { logical } : {}) };
  parser.types.set(name, type);
  return { type, canonical: canonicalDefinition(cursor, name, aliases, around) };
}
