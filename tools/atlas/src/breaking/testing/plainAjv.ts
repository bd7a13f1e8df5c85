import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { configuredAjv } from '../../emit/http/configuredAjv.ts';

/**
 * Plain ajv over a whole schema of 2020-12. Undefined if ajv fails, and if it is known to count members that a failed
 * branch evaluated. It always does so with `if`, and otherwise when it collects all errors, so not below `not`.
 */
export function plainAjv(schema: JsonValue): (value: JsonValue) => boolean | undefined {
  const plain = withContainsApart(schema);
  const text = JSON.stringify(plain);
  const evaluates = text.includes('"unevaluated');
  if (evaluates && text.includes('"if"')) return () => undefined;
  const ajv = configuredAjv({ Ajv2020, addFormats: formats.default }, text, { optimize: false });
  const own = typeof plain === 'boolean' || isObject(plain) ? plain : true;
  const validate = ajv.compile(own);
  const { $defs = {}, ...rest } = isObject(plain) ? plain : {};
  const first = evaluates ? ajv.compile({ not: { not: isObject(plain) ? rest : own }, $defs }) : validate;
  return (value) => {
    try {
      const isValid = validate(value);
      return isValid === first(value) ? isValid : undefined;
    } catch {
      return undefined;
    }
  };
}

/**
 * The same schema for ajv 8, with `contains` as a branch of its own. Ajv 8 skips the keywords after `prefixItems` if an
 * array is empty and it looks only for the first error, as below `not`.
 */
function withContainsApart(schema: JsonValue): JsonValue {
  if (isList(schema)) return schema.map(withContainsApart);
  if (!isObject(schema)) return schema;
  const members = Object.entries(schema).map(([key, member = null]) => [key, withContainsApart(member)] as const);
  const all: JsonObject = Object.fromEntries(members);
  const { contains, minContains, maxContains, allOf, ...rest } = all;
  if (contains === undefined || rest['prefixItems'] === undefined) return all;
  const apart = {
    contains,
    ...(minContains === undefined ? {} : { minContains }),
    ...(maxContains === undefined ? {} : { maxContains }),
  };
  return { ...rest, allOf: [...(isList(allOf) ? allOf : []), apart] };
}
