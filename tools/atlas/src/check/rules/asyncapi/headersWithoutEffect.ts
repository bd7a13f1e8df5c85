import { EVENT_HEADERS, isList, type JsonValue } from '@atlas/ir';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import { shown } from '../../../diagnostics/shown.ts';
import type { Cursor } from '../../../document/cursor.ts';
import { partsOf } from '../../../jsonschema/walk.ts';
import type { ChannelView } from '../../../read/asyncapi/events.ts';
import { keyOf } from '../../../read/extensions/key.ts';

/** A message whose headers are declared. `record` is the full name of its Avro record, if that is valid. */
export interface WithHeaders {
  readonly name: string;
  readonly record: string | undefined;
  readonly channel: ChannelView;
}

/** Headers that Atlas does not write, does not always write, or writes with another value. */
export function* headersWithoutEffect(message: WithHeaders, headers: Cursor | undefined): Generator<Finding> {
  const { name, channel } = message;
  const isForeign = channel.foreign !== undefined;
  for (const [header, { loc, required, schema }] of headersIn(headers?.get('schema') ?? headers)) {
    const about = `header ${JSON.stringify(header)} of ${name}`;
    const finding = (what: string, fix: string, at = loc): Finding => ({
      severity: 'warning',
      message: `${about} ${what}`,
      loc: at,
      fix,
    });
    if (!EVENT_HEADERS.has(header))
      yield isForeign
        ? finding('has no effect: handlers do not get it', 'ask its owner for a field of the payload')
        : finding('has no effect: Atlas does not write it', 'make it a field of the payload');
    else if (required && !isForeign && isSometimes(header, channel))
      yield finding(`is not in every record: ${SOMETIMES.get(header)}`, 'remove it from required', required);
    const written = valueOf(header, message);
    for (const allowed of [schema?.get('const'), schema?.get('enum')])
      if (allowed && written !== undefined && !valuesOf(allowed).includes(written))
        yield isForeign
          ? finding(
              `is ${shown(allowed.value)}, but handlers are found by the name of the record: others are ignored`,
              `ask its owner to write ${JSON.stringify(written)}`,
              allowed.loc,
            )
          : finding(
              `is ${JSON.stringify(written)}, not ${shown(allowed.value)}`,
              `write ${JSON.stringify(written)}`,
              allowed.loc,
            );
  }
}

/** Why a header is not in every record. */
const SOMETIMES: ReadonlyMap<string, string> = new Map([
  ['ce_causationid', 'events of HTTP requests have none'],
  ['ce_sequence', 'the channel has no x-atlas-key'],
  ['ce_actorid', 'it is only there if somebody acted'],
  ['traceparent', 'it is only there if the request had one'],
]);

function isSometimes(header: string, { cursor }: ChannelView): boolean {
  return SOMETIMES.has(header) && !(header === 'ce_sequence' && keyOf(cursor));
}

/**
 * The one value that a header has; undefined if it may have several. For a foreign message, the value that consumers
 * look for.
 */
function valueOf(header: string, { record, channel }: WithHeaders): string | undefined {
  if (header === 'ce_type') return record;
  if (channel.foreign !== undefined) return undefined;
  switch (header) {
    case 'content-type':
      return 'application/vnd.apache.avro';
    case 'ce_specversion':
      return '1.0';
    case 'ce_source':
      return channel.owner;
    default:
      return undefined;
  }
}

function valuesOf({ value }: Cursor): readonly JsonValue[] {
  return isList(value) ? value : [value];
}

interface Declared {
  /** The first place that names it. */
  readonly loc: Finding['loc'];
  readonly required?: Finding['loc'];
  readonly schema?: Cursor;
}

/** The headers that a schema and the parts of its `allOf` name. */
function headersIn(schema: Cursor | undefined): ReadonlyMap<string, Declared> {
  const headers = new Map<string, Declared>();
  const add = (name: string, loc: Finding['loc'], more: Partial<Declared>): void => {
    if (name !== '') headers.set(name, { loc, ...more, ...headers.get(name) });
  };
  for (const part of schema ? partsOf(schema) : []) {
    for (const [name, cursor] of part.get('properties')?.entries() ?? []) add(name, cursor.loc, { schema: cursor });
    for (const item of part.get('required')?.items() ?? [])
      add(item.string() ?? '', item.valueLoc, { required: item.valueLoc });
  }
  return headers;
}
