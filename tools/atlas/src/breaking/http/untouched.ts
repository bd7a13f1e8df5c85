import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Version } from '../sides/version.ts';
import type { Api, Media, Operation } from './api.ts';
import { parameterPairs, type HttpContext, type OperationPair } from './context.ts';
import { responsePairs } from './match.ts';

/** The differences that neither a rule nor the engine looks at, in words, so that no report hides them. */
export function untouched(context: HttpContext): readonly string[] {
  const { old, new: next, pairs, outgoing } = context;
  const found = new Map<string, Set<string>>();
  const differs = (what: string, { id }: Operation): void => {
    const operations = found.get(what) ?? new Set();
    found.set(what, operations.add(id));
  };
  for (const pair of [...pairs, ...outgoing.pairs])
    for (const what of untouchedParts(old, next, pair)) differs(what, pair.old);
  for (const { old: before, new: after } of outgoing.pairs) {
    if (!isDeepStrictEqual([...before.responses.keys()].toSorted(), [...after.responses.keys()].toSorted()))
      differs('statuses', before);
    if (!isDeepStrictEqual(before.security, after.security)) differs('security', before);
  }
  const dialects = [old, next].map(({ version }) => version.document['jsonSchemaDialect']);
  return [
    ...(pairs.length > 0 && dialects[0] !== dialects[1] ? ['jsonSchemaDialect'] : []),
    ...[...found].map(([what, operations]) => `${what} of ${shown([...operations])}`),
  ];
}

function shown([first = '', ...others]: readonly string[]): string {
  const more = others.length === 1 ? ' and 1 more operation' : ` and ${others.length} more operations`;
  return others.length === 0 ? first : first + more;
}

function* untouchedParts(old: Api, next: Api, pair: OperationPair): Iterable<string> {
  for (const [before, after] of parameterPairs(pair))
    for (const key of ['allowReserved', 'allowEmptyValue'])
      if ((before.raw[key] ?? false) !== (after.raw[key] ?? false)) yield key;
  const bodies = [[pair.old.body?.content, pair.new.body?.content] as const];
  for (const { sent: after, known: before } of responsePairs(pair.new, pair.old)) {
    bodies.push([before.content, after.content]);
    const links = [membersOf(old.version, before.raw['links']), membersOf(next.version, after.raw['links'])];
    if (!isDeepStrictEqual(links[0], links[1])) yield 'links';
    for (const [name, header] of after.headers) {
      const one = before.headers.get(name);
      // The text of a primitive or a list is the same.
      const isObjectLike = [one, header].some((side) => side?.type === undefined || side.type === 'object');
      if (one && isObjectLike && one.explode !== header.explode) yield 'explode of headers';
    }
  }
  for (const [before, after] of bodies)
    for (const [type, media] of after ?? []) {
      const known = before?.get(type);
      if (!known) continue;
      if (hasOtherEncoding([old.version, known], [next.version, media])) yield 'encoding';
    }
}

type Encoded = readonly [version: Version, media: Media];

/** Whether a field that both versions have is written in another way. A new field does not count. */
function hasOtherEncoding(old: Encoded, next: Encoded): boolean {
  const fieldsOf = ([, { raw }]: Encoded): JsonObject => (isObject(raw['encoding']) ? raw['encoding'] : {});
  const [before, after] = [fieldsOf(old), fieldsOf(next)];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].some(
    (name) => !isDeepStrictEqual(before[name], after[name]) && [old, next].every((side) => mayHaveField(side, name)),
  );
}

/** Whether a body may have a field; true if its schema does not list its fields. */
function mayHaveField([version, { schema }]: Encoded, name: string): boolean {
  const value = schema && version.follow(schema.value, schema.pointer)?.value;
  const properties = isObject(value) ? value['properties'] : undefined;
  return !isObject(properties) || Object.hasOwn(properties, name);
}

/** The members of an object, with their references followed. */
function membersOf(version: Version, value: JsonValue | undefined): JsonObject {
  const members = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(members.map(([name, member]) => [name, version.follow(member, '')?.value ?? null]));
}
