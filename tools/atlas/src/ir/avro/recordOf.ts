import type { AvroField, AvroRecord, JsonObject } from '@atlas/ir';
import type { Cursor } from '../../load/index.ts';
import { aliasesOf, fieldAliases } from './aliases.ts';
import { defaultProblem } from './defaults.ts';
import { named } from './enumAndFixed.ts';
import { metadata } from './metadata.ts';
import { isName, namespaceOf } from './names.ts';
import type { Around, AvroParser, Read } from './parser.ts';
import type { Report } from './report.ts';

interface ReadField {
  readonly field: AvroField;
  readonly json: JsonObject;
  readonly cursor: Cursor;
}

/** Avro 1.12, "Records". */
export function recordOf(cursor: Cursor, around: Around, parser: AvroParser): Read<AvroRecord> | undefined {
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
  const aliases = aliasesOf(cursor, namespace, report);
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
  const rest = metadata(cursor, ['type', 'name', 'namespace', 'aliases', 'doc', 'fields']);
  const members = { ...(doc === undefined ? {} : { doc }), fields: fields.map(({ json }) => json), ...rest };
  return { type, json: named('record', name, around, members, aliases) };
}

function fieldOf(
  cursor: Cursor,
  inside: Around,
  parser: AvroParser,
  taken: Map<string, Cursor>,
): ReadField | undefined {
  const { report } = parser;
  const written = cursor.get('name');
  const name = written?.string();
  if (!written || name === undefined || !isName(name)) {
    const message = written ? `${JSON.stringify(written.value)} can not name a field` : 'a field without a name';
    report.error(
      'ATL4003',
      message,
      written?.valueLoc ?? cursor.valueLoc,
      'write letters, digits and _, not beginning with a digit',
    );
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
      type: read.type,
      ...(fallback ? { default: { value: fallback.value } } : {}),
      pii,
    },
    json: {
      name,
      ...(doc === undefined ? {} : { doc }),
      type: read.json,
      ...metadata(cursor, ['name', 'doc', 'type']),
    },
  };
}

function checkDefault({ field, cursor }: ReadField, parser: AvroParser): void {
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
  if (pii && pii.boolean() === undefined) report.error('ATL4002', 'pii is true or false', pii.valueLoc);
  return pii?.boolean() ?? false;
}

/** The author's words about a type or a field. */
export function docOf(cursor: Cursor, report: Report): string | undefined {
  const doc = cursor.get('doc');
  if (doc && doc.string() === undefined) report.error('ATL4002', 'doc is no text', doc.valueLoc);
  return doc?.string();
}
