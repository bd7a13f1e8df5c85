import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { isFreeForm } from '../../src/emit/http/types/freeForm.ts';
import { rewriteSchemas } from '../../src/jsonschema/walk.ts';

/**
 * The types that openapi-typescript gives for the schemas of a document. Undefined for schemas on which it fails.
 * Objects that allow any members are marked as such first, because the tool treats them as empty objects.
 */
export async function openapiTypescript(schemas: JsonObject): Promise<string | undefined> {
  const free = (schema: JsonValue): JsonValue =>
    rewriteSchemas(schema, (inner) =>
      isObject(inner) && isFreeForm(inner) ? { ...inner, additionalProperties: true } : inner,
    );
  const own = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, free(schema ?? true)]));
  const document = structuredClone({
    openapi: '3.1.0',
    info: { title: 'Schemas', version: '1.0.0' },
    paths: {},
    components: { schemas: own },
  });
  try {
    const options = { defaultNonNullable: false, immutable: true, silent: true };
    // cast: the package's types require the members of OpenAPI, and these schemas are random
    return astToString(await openapiTS(document as unknown as OpenAPI3, options));
  } catch {
    return undefined;
  }
}
