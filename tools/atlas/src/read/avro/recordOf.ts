import { namespaceOf, type AvroField, type AvroRecord } from '@atlas/ir';
import type { Cursor } from '../../load/index.ts';
import { checkAliases, fieldAliases } from './aliases.ts';
import { defaultProblem } from './defaults.ts';
import { docOf } from './docOf.ts';
import { isName, nameFix } from './names.ts';
import type { Report } from './report.ts';
import type { Around, SchemaReader } from './schemaReader.ts';

interface ReadField {
  readonly field: AvroField;
  readonly cursor: Cursor;
}

/** Avro 1.12, "Records". */
export function recordOf(cursor: Cursor, around: Around, parser: SchemaReader): AvroRecord | undefined {
  const { report } = parser;
  const name = parser.define(cursor, around);
  const list = cursor.get('fields');
  if (!list || !Array.isArray(list.value)) {
    report.error('ATL4002', 'a record without fields', list?.valueLoc ?? cursor.loc, 'add "fields", a list');
    return undefined;
  }
  if (!parser.count(list, list.value.length)) return undefined;
  const namespace = namespaceOf(name ?? '');
  const inside = { namespace, depth: around.depth + 1 };
  const taken = new Map<string, Cursor>();
  const fields = list.items().flatMap((item) => fieldOf(item, inside, parser, taken) ?? []);
  checkAliases(cursor, report);
  const doc = docOf(cursor, report);
  if (name === undefined || fields.length < list.value.length) return undefined;
  const type: AvroRecord = {
    kind: 'record',
    name,
    ...(doc === undefined ? {} : { doc }),
    fields: fields.map(({ field }) => field),
  };
  parser.types.set(name, type);
  // Only now: the default of a field may be a record of this very type.
  for (const read of fields) checkDefault(read, parser);
  return type;
}

function fieldOf(
  cursor: Cursor,
  inside: Around,
  parser: SchemaReader,
  taken: Map<string, Cursor>,
): ReadField | undefined {
  const { report } = parser;
  const written = cursor.get('name');
  const name = written?.string();
  if (!written || name === undefined || !isName(name)) {
    const message = written ? `${JSON.stringify(written.value)} can not name a field` : 'a field without a name';
    report.error('ATL4003', message, written?.valueLoc ?? cursor.valueLoc, nameFix(name));
    return undefined;
  }
  for (const alias of [name, ...fieldAliases(cursor, report)]) {
    const other = taken.get(alias);
    if (other)
      report.error('ATL4005', `two fields are called ${alias}`, written.valueLoc, 'rename one', {
        loc: other.valueLoc,
        message: 'the first',
      });
    else taken.set(alias, written);
  }
  const type = cursor.get('type');
  if (!type) {
    report.error('ATL4002', `field ${name} has no type`, cursor.valueLoc, 'add "type"');
    return undefined;
  }
  const pii = piiOf(cursor, report);
  checkAttributes(cursor, name, report);
  const doc = docOf(cursor, report);
  const read = parser.read(type, inside);
  if (!read) return undefined;
  const fallback = cursor.get('default');
  return {
    cursor,
    field: {
      name,
      ...(doc === undefined ? {} : { doc }),
      type: read,
      ...(fallback ? { default: { value: fallback.value } } : {}),
      pii,
    },
  };
}

function checkDefault({ field, cursor }: ReadField, parser: SchemaReader): void {
  const written = cursor.get('default');
  if (!field.default || !written) return;
  const { message, later } = defaultProblem(field.default.value, field.type, parser.types);
  if (message !== undefined)
    parser.report.error(
      'ATL4007',
      `the default of ${field.name} ${message}`,
      written.valueLoc,
      'write a value of the type, in the JSON that Avro has for it',
    );
  else if (later === true)
    parser.report.warning(
      'ATL4008',
      `the default of ${field.name} is not of the first branch of its union`,
      written.valueLoc,
      'put the branch of the default first',
    );
}

const ORDERS = ['ascending', 'descending', 'ignore'];

function checkAttributes(cursor: Cursor, name: string, report: Report): void {
  const logical = cursor.get('logicalType');
  if (logical)
    report.error(
      'ATL4010',
      `logicalType stands beside the type of field ${name}, where it means nothing`,
      logical.loc,
      `write "type": { "type": …, "logicalType": ${JSON.stringify(logical.value)} }`,
    );
  const order = cursor.get('order');
  if (order && !ORDERS.includes(order.string() ?? ''))
    report.error(
      'ATL4002',
      `${JSON.stringify(order.value)} is no order of a field`,
      order.valueLoc,
      `write one of ${ORDERS.join(', ')}`,
    );
}

function piiOf(cursor: Cursor, report: Report): boolean {
  const pii = cursor.get('pii');
  if (pii && pii.boolean() === undefined)
    report.error('ATL4002', 'pii is true or false', pii.valueLoc, 'write true or false, without quotes');
  return pii?.boolean() ?? false;
}
