import type { ByteReader } from '../reader.ts';
import type { Field, RecordSchema } from '../schema/schema.ts';
import { defaultBytes } from './defaultBytes.ts';
import { clash, type Resolve, type Resolving } from './resolving.ts';
import { emptyValues, skip } from './skip.ts';

/** The source of a reader's field: a field that was written, or the bytes of its default. */
type Source = { readonly from: number; readonly resolve: Resolve } | { readonly bytes: Uint8Array };

/** Fields match by name, then by the reader's aliases. Their order may differ. */
export function recordResolver(writer: RecordSchema, reader: RecordSchema, path: string, resolver: Resolving): Resolve {
  const sources = reader.fields.map((field): Source => {
    const from = writtenField(writer, field, reader);
    const written = writer.fields[from];
    const at = `${path}.${field.name}`;
    if (written) return { from, resolve: resolver.resolve(written.schema, field.schema, at) };
    if (!field.default) throw clash(at, 'nothing was written, and it has no default');
    return { bytes: defaultBytes(field.schema, field.default.value, at) };
  });
  const froms = sources.flatMap((source) => ('from' in source ? [source.from] : []));
  const inOrder = froms.every((from, index) => index === 0 || from > (froms[index - 1] ?? 0));
  const copy = inOrder ? streaming(writer, sources) : reordering(writer, sources);
  const empties = emptyValues(reader);
  return (r, w) => {
    r.enter();
    if (empties > FEW_EMPTIES) r.empties(empties);
    copy(r, w);
    r.leave();
  };
}

/** Records with at most this many values that take no bytes are not counted. Generated codecs have the same number. */
const FEW_EMPTIES = 16;

function writtenField(writer: RecordSchema, field: Field, reader: RecordSchema): number {
  const byName = writer.fields.findIndex(({ name }) => name === field.name);
  if (byName !== -1) return byName;
  // an alias does not take a written field whose name is that of another field of the reader
  const own = new Set(reader.fields.map(({ name }) => name));
  return writer.fields.findIndex(({ name }) => field.aliases.includes(name) && !own.has(name));
}

/** The reader's fields are in the order in which they were written, so one pass is enough. */
function streaming({ fields }: RecordSchema, sources: readonly Source[]): Resolve {
  return (r, w) => {
    let next = 0;
    for (const source of sources) {
      if ('bytes' in source) w.raw(source.bytes);
      else {
        skipFields(r, fields, next, source.from);
        source.resolve(r, w);
        next = source.from + 1;
      }
    }
    skipFields(r, fields, next, fields.length);
  };
}

/**
 * The order differs. One pass writes what was read, field by field, and then moves the pieces into the reader's order.
 * Reading each field again from its beginning would double the work with each level of nested records.
 */
function reordering({ fields }: RecordSchema, sources: readonly Source[]): Resolve {
  const byWritten = new Map(sources.flatMap((source) => ('from' in source ? [[source.from, source.resolve]] : [])));
  return (r, w) => {
    const begin = w.pos;
    const starts = fields.map((field, index) => {
      const start = w.pos - begin;
      const resolve = byWritten.get(index);
      if (resolve) resolve(r, w);
      else skip(r, field.schema);
      return start;
    });
    const written = w.taken(begin);
    for (const source of sources)
      w.raw('bytes' in source ? source.bytes : written.subarray(starts[source.from], starts[source.from + 1]));
  };
}

function skipFields(r: ByteReader, fields: readonly Field[], from: number, to: number): void {
  for (let index = from; index < to; index++) {
    const field = fields[index];
    if (field) skip(r, field.schema);
  }
}
