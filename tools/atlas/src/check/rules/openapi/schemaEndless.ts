import { childPointer, isObject, type JsonValue } from '@atlas/ir';
import type { Workspace } from '../../../document/workspace.ts';
import { keywordsOf } from '../../../jsonschema/keywords.ts';
import { subschemas, type Subschema } from '../../../jsonschema/walk.ts';
import type { HttpView } from '../../../read/openapi/http.ts';
import { schemaObjects } from '../../../read/openapi/schemas.ts';
import type { Rule } from '../../rule.ts';

export const schemaEndless: Rule = {
  code: 'ATL2038',
  title: 'schema that applies to the same value again',
  explain: {
    why: 'A schema may refer to itself for a member or an item. If it does so for the value itself, checking a value never ends.',
    bad: "Seat: { allOf: [{ $ref: '#/components/schemas/Seat' }] }",
    good: "Seat: { properties: { next: { $ref: '#/components/schemas/Seat' } } }",
  },
  *check({ http, workspace }) {
    const done = new Set<string>();
    for (const schema of written(http)) {
      const found = circleFrom(schema, workspace, done);
      if (!found) continue;
      yield {
        message: 'the schema applies itself to the same value, so checking a value never ends',
        loc: workspace.locOf(found.file, found.pointer).value,
        fix: 'remove the reference, or move it to a member or an item',
      };
    }
  },
};

/** A schema as it is written: references are not followed. */
interface Raw {
  readonly file: string;
  readonly pointer: string;
  readonly value: JsonValue;
}

/**
 * Every schema as it is written that applies others to the same value. Cursors follow references, and keywords beside a
 * reference count, too.
 */
function* written(http: readonly HttpView[]): Generator<Raw> {
  for (const schema of schemaObjects(http)) {
    const { value } = schema;
    if (appliesOthers(value)) yield { file: schema.file, pointer: schema.pointer, value };
    for (const inner of subschemas(value)) if (appliesOthers(inner.schema)) yield rawInside(schema, inner);
  }
  for (const {
    root: { file, value },
  } of http) {
    const components = isObject(value) ? value['components'] : undefined;
    const schemas = isObject(components) ? components['schemas'] : undefined;
    for (const [name, schema] of Object.entries(isObject(schemas) ? schemas : {}))
      if (schema !== undefined && appliesOthers(schema))
        yield { file, pointer: childPointer('/components/schemas', name), value: schema };
  }
}

function appliesOthers(schema: JsonValue): boolean {
  return isObject(schema) && Object.keys(schema).some((key) => key === '$ref' || isForSameValue(key));
}

function isForSameValue(keyword: string): boolean {
  return keywordsOf('2020-12').get(keyword)?.judges === 'value';
}

function rawInside({ file, pointer }: Pick<Raw, 'file' | 'pointer'>, { keyword, key, schema }: Subschema): Raw {
  const at = childPointer(pointer, keyword);
  return { file, pointer: key === undefined ? at : childPointer(at, key), value: schema };
}

/**
 * A schema on a circle of schemas for the same value that begins at `start`: the last one before the circle closes.
 * Schemas in `done` are on no circle, and new ones are added to it.
 */
function circleFrom(start: Raw, workspace: Workspace, done: Set<string>): Raw | undefined {
  const open = new Set<string>();
  const stack = [{ schema: start, inner: [start].values() }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { value: next } = top.inner.next();
    if (next === undefined) {
      stack.pop();
      open.delete(nameOf(top.schema));
      done.add(nameOf(top.schema));
      continue;
    }
    const name = nameOf(next);
    if (open.has(name)) {
      for (const one of open) done.add(one);
      return top.schema;
    }
    if (done.has(name)) continue;
    open.add(name);
    stack.push({ schema: next, inner: appliedWith(next, workspace).values() });
  }
  return undefined;
}

function nameOf({ file, pointer }: Raw): string {
  return `${file}#${pointer}`;
}

/** The schemas that apply to the same value: a reference's target, parts, branches and conditions. */
function appliedWith({ file, pointer, value }: Raw, workspace: Workspace): readonly Raw[] {
  const ref = isObject(value) ? value['$ref'] : undefined;
  const target = typeof ref === 'string' ? workspace.locate(file, ref) : undefined;
  const inside = subschemas(value).filter(({ keyword }) => isForSameValue(keyword));
  return [...(target ? [target] : []), ...inside.map((inner) => rawInside({ file, pointer }, inner))];
}
