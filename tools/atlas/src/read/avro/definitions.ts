import {
  AVRO_LOGICAL_TYPES,
  isAvroLogical,
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroLogical,
  type AvroLogicalName,
  type AvroRecord,
  type AvroType,
  type JsonObject,
  type JsonValue,
} from '@atlas/ir';
import { shown } from '../../diagnostics/shown.ts';
import type { Cursor } from '../../document/cursor.ts';
import { didYouMean } from '../../document/suggest.ts';
import type { CanonicalWriter } from './canonical.ts';
import { aliasesOf, inNamespace, isDotted, isName, nameFix, namespaceOf } from './names.ts';
import { type Report, avroLimits } from './report.ts';

/** What is around a schema: the namespace for names without dots, and the number of schemas around it. */
export interface Around {
  readonly namespace: string;
  readonly depth: number;
}

/** One schema, parsed: its type for the model, and its canonical JSON for the registry. */
export interface ParsedSchema<Type extends AvroType = AvroType> {
  readonly type: Type;
  /**
   * Self-contained: every type is written out at its first occurrence, and has its full name everywhere. Docs, defaults
   * and metadata are kept. Keys have a fixed order.
   */
  readonly canonical: JsonValue;
}

/** A field of a record, and where it is written. */
export interface WrittenField {
  readonly field: AvroField;
  readonly cursor: Cursor;
}

/** What the functions for single kinds of schema need. A schema that cannot be parsed is undefined, with a finding. */
export interface SchemaParser {
  readonly report: Report;
  readonly canonical: CanonicalWriter;
  /** The named types parsed so far, by full name. */
  readonly types: Map<string, AvroType>;
  /** The fields of all records parsed so far. */
  readonly fields: WrittenField[];
  parse(cursor: Cursor, around: Around): ParsedSchema | undefined;
  /** Counts fields, branches and symbols; false once there are too many. */
  count(cursor: Cursor, amount: number): boolean;
  /** Adds a definition under its full name and returns the name; undefined, with a finding, if it is not valid. */
  define(cursor: Cursor, around: Around): string | undefined;
}

interface ParsedField extends WrittenField {
  readonly canonical: JsonValue;
}

/** Avro 1.12, "Records". */
export function recordOf(cursor: Cursor, around: Around, parser: SchemaParser): ParsedSchema<AvroRecord> | undefined {
  const { report } = parser;
  const name = parser.define(cursor, around);
  const list = cursor.get('fields');
  if (!list || !Array.isArray(list.value)) {
    report.error('ATL4002', 'the record has no list of fields', list?.valueLoc ?? cursor.loc, 'add "fields", a list');
    return undefined;
  }
  if (!parser.count(list, list.value.length)) return undefined;
  const inside = { namespace: namespaceOf(name ?? ''), depth: around.depth + 1 };
  const taken = new Map<string, Cursor>();
  const fields = list.items().flatMap((item) => fieldOf(item, inside, parser, taken) ?? []);
  const aliases = formerNames(cursor, name, report);
  const doc = docOf(cursor, report);
  if (name === undefined || fields.length < list.value.length) return undefined;
  const loc = cursor.get('name')?.valueLoc ?? cursor.loc;
  const type: AvroRecord = { kind: 'record', loc, name, aliases, ...doc, fields: fields.map(({ field }) => field) };
  parser.types.set(name, type);
  parser.fields.push(...fields);
  const canonical = fields.map((field) => field.canonical);
  return { type, canonical: canonicalDefinition(parser, cursor, { name, aliases, fields: canonical }, around) };
}

function fieldOf(
  cursor: Cursor,
  inside: Around,
  parser: SchemaParser,
  taken: Map<string, Cursor>,
): ParsedField | undefined {
  const { report } = parser;
  const written = cursor.get('name');
  const name = written?.string();
  if (!written || name === undefined || !isName(name)) {
    const message = written ? `${JSON.stringify(written.value)} is not a valid field name` : 'the field has no name';
    report.error('ATL4003', message, written?.valueLoc ?? cursor.valueLoc, nameFix(name));
    return undefined;
  }
  // Names and aliases are compared separately: an alias may be the name of another field, which then keeps the written
  // value.
  const unique = (key: string, message: string): void => {
    const other = taken.get(key);
    const related = other && { loc: other.valueLoc, message: 'the first' };
    if (related) report.error('ATL4005', message, written.valueLoc, 'rename one', related);
    else taken.set(key, written);
  };
  unique(name, `two fields are called ${name}`);
  const aliases = aliasesOf(cursor, report, isName);
  for (const alias of new Set(aliases)) unique(`alias ${alias}`, `two fields have the alias ${alias}`);
  const type = cursor.get('type');
  if (!type) {
    report.error('ATL4002', `field ${name} has no type`, cursor.valueLoc, 'add "type"');
    return undefined;
  }
  const pii = piiOf(cursor, report);
  checkAttributes(cursor, name, report);
  const doc = docOf(cursor, report);
  const parsed = parser.parse(type, inside);
  if (!parsed) return undefined;
  const fallback = cursor.get('default');
  return {
    cursor,
    field: {
      loc: written.valueLoc,
      name,
      aliases,
      ...doc,
      type: parsed.type,
      ...(fallback ? { default: { value: parser.canonical.value(fallback) } } : {}),
      pii,
    },
    canonical: {
      name,
      ...doc,
      type: parsed.canonical,
      ...parser.canonical.object(cursor, {}, ['name', 'doc', 'type']),
    },
  };
}

const ORDERS = ['ascending', 'descending', 'ignore'];

function checkAttributes(cursor: Cursor, name: string, report: Report): void {
  const logical = cursor.get('logicalType');
  if (logical)
    report.error(
      'ATL4010',
      `logicalType is written beside the type of field ${name}, where it has no effect`,
      logical.loc,
      `write "type": { "type": …, "logicalType": ${JSON.stringify(logical.value)} }`,
    );
  const order = cursor.get('order');
  if (order && !ORDERS.includes(order.string() ?? ''))
    report.error(
      'ATL4002',
      `${JSON.stringify(order.value)} is not an order of a field`,
      order.valueLoc,
      `write one of ${ORDERS.join(', ')}`,
    );
}

function piiOf(cursor: Cursor, report: Report): boolean {
  const pii = cursor.get('pii');
  if (pii && pii.boolean() === undefined)
    report.warning(
      'ATL4015',
      `pii is ${shown(pii.value, 40)}, so the field does not count as personal data`,
      pii.valueLoc,
      'write true or false, without quotes, or give your own property another name',
    );
  return pii?.boolean() ?? false;
}

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
  const aliases = formerNames(cursor, name, report);
  const doc = docOf(cursor, report);
  if (name === undefined || symbols.length < list.value.length) return undefined;
  const type: AvroEnum = {
    kind: 'enum',
    name,
    aliases,
    ...doc,
    symbols,
    ...(symbol === undefined ? {} : { default: symbol }),
  };
  parser.types.set(name, type);
  return { type, canonical: canonicalDefinition(parser, cursor, { name, aliases }, around) };
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
  const aliases = formerNames(cursor, name, report);
  if (name === undefined) return undefined;
  const type: AvroFixed = { kind: 'fixed', name, aliases, size, ...(logical ? { logical } : {}) };
  parser.types.set(name, type);
  return { type, canonical: canonicalDefinition(parser, cursor, { name, aliases }, around) };
}

/** The aliases of a named type as full names. */
function formerNames(cursor: Cursor, name: string | undefined, report: Report): readonly string[] {
  const namespace = namespaceOf(name ?? '');
  return aliasesOf(cursor, report, isDotted).map((alias) => inNamespace(alias, namespace));
}

/** A record, enum or fixed, with its full name and full aliases. */
function canonicalDefinition(
  { canonical }: SchemaParser,
  cursor: Cursor,
  { name, aliases, ...parsed }: { name: string; aliases: readonly string[]; fields?: readonly JsonValue[] },
  around: Around,
): JsonObject {
  const namespace = namespaceOf(name);
  return canonical.object(
    cursor,
    {
      ...parsed,
      name,
      // Without it, the name would belong to the outer namespace.
      ...(namespace === '' && around.namespace !== '' ? { namespace } : {}),
      ...(aliases.length > 0 ? { aliases } : {}),
    },
    ['namespace', 'aliases'],
  );
}

/** The size that a fixed needs for a logical type. A decimal may have any size. */
const FIXED_SIZES: ReadonlyMap<AvroLogicalName, number> = new Map([
  ['uuid', 16],
  ['duration', 12],
]);

/**
 * The logical type of a schema object on `base`; `size` is that of a fixed. An unknown one is ignored, as the
 * specification says. A known one on the wrong base would be ignored, too. Nobody wants that, so it is an error.
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
      `${size} bytes are enough for at most ${digitsIn(size)} digits, not ${digits}`,
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

/** The `doc` of a type or a field, as a property to spread. */
function docOf(cursor: Cursor, report: Report): { readonly doc?: string } {
  const written = cursor.get('doc');
  const doc = written?.string();
  if (written && doc === undefined)
    report.error('ATL4002', 'doc is not a string', written.valueLoc, 'write it in quotes');
  return doc === undefined ? {} : { doc };
}
