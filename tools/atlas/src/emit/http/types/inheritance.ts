import { childPointer, isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { atRef } from '../../../jsonschema/json.ts';
import { childKind, type Kind } from '../../../read/openapi/openapiKinds.ts';
import { fixesProperty } from '../discriminate.ts';
import { isFreeForm } from './freeForm.ts';

/** A discriminator (OpenAPI 3.1, section 4.8.25) that its branches do not fix themselves. */
interface Discriminator {
  readonly property: string;
  /** The reference that each value selects. */
  readonly mapping: ReadonlyMap<string, string>;
}

/**
 * What discriminators add to the types of other schemas: the values of their property. A branch of `oneOf` gets the
 * values that select it. So does a schema that has the schema with the discriminator among its parts (`allOf`).
 */
export class Inheritance {
  readonly #document: JsonObject;
  /** The discriminator that applies to the schema of a reference. */
  readonly #discriminators = new Map<string, Discriminator>();
  /** References to schemas whose property has its values already. */
  readonly #done = new Set<string>();
  readonly #patches = new Map<JsonObject, JsonObject>();

  constructor(document: JsonObject) {
    this.#document = document;
    const { discriminating, composed } = schemasOf(document);
    for (const { schema, ref } of discriminating) this.#choice(schema, ref);
    if (this.#discriminators.size === 0) return;
    for (const { schema, ref } of composed) this.#heir(schema, ref);
  }

  /** A schema with the values that discriminators give its property. */
  patched(schema: JsonObject): JsonObject {
    return this.#patches.get(schema) ?? schema;
  }

  /** The property that the type of a part of `allOf` leaves out, because the whole schema has it with other values. */
  discriminatorOf(part: JsonObject): string | undefined {
    const ref = part['$ref'];
    const inherited = typeof ref === 'string' ? this.#discriminators.get(ref) : undefined;
    return (inherited ?? this.#discriminatorIn(part))?.property;
  }

  /** The property that a schema gets from a discriminator and does not have itself, with its value. */
  inheritedProperty(schema: JsonObject, ref: string): { readonly name: string; readonly value: string } | undefined {
    const discriminator = this.#discriminators.get(ref);
    if (!discriminator || this.#done.has(ref) || this.#discriminatorIn(schema)) return undefined;
    if (schema['allOf'] === undefined && schema['anyOf'] === undefined) return undefined;
    const name = nameIn(ref);
    const mapped = [...discriminator.mapping].find(([, to]) => nameIn(to) === name);
    return { name: discriminator.property, value: mapped?.[0] ?? name };
  }

  /** The properties of a schema that a reference leads to, some of which a schema with this part may require. */
  propertiesToRequire(ref: string): JsonObject {
    if (this.#done.has(ref)) return {};
    const target = this.#resolved(ref);
    const properties = target && this.patched(target)['properties'];
    return isObject(properties) ? properties : {};
  }

  #discriminatorIn(schema: JsonObject): Discriminator | undefined {
    const { discriminator } = schema;
    const property = isObject(discriminator) ? discriminator['propertyName'] : undefined;
    if (!isObject(discriminator) || typeof property !== 'string' || fixesProperty(this.#document, schema))
      return undefined;
    const { mapping } = discriminator;
    const entries = Object.entries(isObject(mapping) ? mapping : {}).flatMap(([value, to]): [string, string][] => {
      const ref = this.#mapped(to);
      return ref === undefined ? [] : [[value, ref]];
    });
    return { property, mapping: new Map(entries) };
  }

  /** The name of a schema counts as a reference to it (OpenAPI 3.1, section 4.8.25). */
  #mapped(to: JsonValue | undefined): string | undefined {
    if (typeof to !== 'string') return undefined;
    const byName = `#${childPointer('/components/schemas', to)}`;
    if (atRef(this.#document, byName.replaceAll('%', '%25')) !== undefined) return byName;
    return to.startsWith('#/') ? to : undefined;
  }

  #choice(schema: JsonObject, ref: string): void {
    const discriminator = this.#discriminatorIn(schema);
    if (!discriminator) return;
    this.#discriminators.set(ref, discriminator);
    const { oneOf } = schema;
    if (!isList(oneOf)) return;
    const values = new Map<string, readonly string[]>();
    for (const branch of oneOf) {
      const target = isObject(branch) ? branch['$ref'] : undefined;
      const name = typeof target === 'string' ? target.split('/').pop() : undefined;
      if (typeof target === 'string' && name !== undefined && name !== '') values.set(target, [name]);
    }
    const mapped = new Map<string, string[]>();
    for (const [value, target] of discriminator.mapping) {
      const known = mapped.get(target);
      if (known) known.push(value);
      else mapped.set(target, [value]);
    }
    for (const [target, own] of mapped) values.set(target, own);
    for (const [target, own] of values) if (!this.#done.has(target)) this.#patch(target, own, discriminator.property);
  }

  /** Handles a schema that has a schema with a discriminator among its parts. */
  #heir(schema: JsonObject, ref: string): void {
    const { allOf } = schema;
    if (!isList(allOf)) return;
    for (const part of allOf) {
      if (!isObject(part)) continue;
      const target = part['$ref'];
      const discriminator = typeof target === 'string' ? this.#discriminators.get(target) : this.#discriminatorIn(part);
      if (!discriminator && typeof target === 'string') return;
      if (!discriminator) continue;
      const values = [...discriminator.mapping].flatMap(([value, to]) => (to === ref ? [value] : []));
      if (typeof target === 'string' && values.length > 0) this.#patch(ref, values, discriminator.property);
      this.#discriminators.set(ref, discriminator);
    }
  }

  /** Adds the values to the property of a schema with properties, or to the parts of another one. */
  #patch(ref: string, values: readonly string[], name: string): void {
    const target = this.#resolved(ref);
    if (!target) return;
    const schema = this.patched(target);
    const { allOf, properties, required, type } = schema;
    const known = isObject(properties) ? properties : {};
    if (isList(allOf)) {
      const part = { type: 'object', required: [name], properties: { [name]: valuesSchema(values) } };
      this.#patches.set(target, { ...schema, allOf: [...allOf, part] });
    } else if (type === 'object') {
      const names = isList(required) ? required : [];
      this.#patches.set(target, {
        ...schema,
        ...(isFreeForm(schema) ? { additionalProperties: true } : {}),
        properties: { ...known, [name]: valuesSchema(values, known[name]) },
        required: names.includes(name) ? names : [...names, name],
      });
    } else return;
    this.#done.add(ref);
  }

  /** The schema that a reference leads to, through others. */
  #resolved(ref: string): JsonObject | undefined {
    const seen = new Set<string>();
    let target: JsonValue | undefined = { $ref: ref };
    while (isObject(target) && typeof target['$ref'] === 'string') {
      if (seen.has(target['$ref'])) return undefined;
      seen.add(target['$ref']);
      target = atRef(this.#document, target['$ref']);
    }
    return isObject(target) ? target : undefined;
  }
}

function valuesSchema(values: readonly string[], before?: JsonValue): JsonObject {
  const description = isObject(before) ? before['description'] : undefined;
  const added = 'the values of the discriminator that stand for this schema';
  return {
    type: 'string',
    enum: values,
    description: typeof description === 'string' && description !== '' ? `${description} (only ${added})` : added,
  };
}

/** The last token of a reference. */
function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

interface Found {
  readonly schema: JsonObject;
  /** Where it is in the document, as a reference. */
  readonly ref: string;
}

/** The schemas with a discriminator and those with parts, in the order of the document. */
function schemasOf(document: JsonObject): {
  readonly discriminating: readonly Found[];
  readonly composed: readonly Found[];
} {
  const discriminating: Found[] = [];
  const composed: Found[] = [];
  const visit = (value: JsonValue, kind: Kind, pointer: string): void => {
    if (isList(value)) {
      for (const [index, item] of value.entries()) visit(item, childKind(kind, index), `${pointer}/${index}`);
      return;
    }
    if (!isObject(value) || kind === 'data') return;
    if (kind === 'schema' && isObject(value['discriminator']))
      discriminating.push({ schema: value, ref: `#${pointer}` });
    if (kind === 'schema' && isList(value['allOf'])) composed.push({ schema: value, ref: `#${pointer}` });
    for (const key of Object.keys(value)) {
      const child = value[key];
      const inner = childKind(kind, key);
      // Most members are texts and data, which contain no schemas.
      if (typeof child === 'object' && child !== null && inner !== 'data')
        visit(child, inner, childPointer(pointer, key));
    }
  };
  visit(document, 'document', '');
  return { discriminating, composed };
}
