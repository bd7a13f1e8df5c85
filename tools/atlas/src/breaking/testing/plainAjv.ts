import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isObject, type JsonValue } from '@atlas/ir';
import { allAskingForItems } from '../../emit/http/containing.ts';
import { configuredAjv } from '../../emit/http/configuredAjv.ts';

/**
 * Plain ajv over a whole schema of 2020-12. Undefined if ajv fails, and if it is known to count members that a failed
 * branch evaluated. It always does so with `if`, and otherwise when it collects all errors, so not below `not`.
 */
export function plainAjv(schema: JsonValue): (value: JsonValue) => boolean | undefined {
  const plain = allAskingForItems(schema);
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
