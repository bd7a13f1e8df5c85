import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { Code, Name } from 'ajv/dist/compile/codegen/code.js';

/** The module with which ajv writes code. */
export type Codegen = typeof import('ajv/dist/compile/codegen/code.js');

/** From this number on, ajv compares the values of an `enum` in a loop. */
const MOST_COMPARED = 200;

/**
 * Replaces ajv's code of three keywords. For `multipleOf`, ajv divides binary fractions, and 0.07 is not a multiple of
 * 0.01. For `uniqueItems`, it compares all pairs of items. For `enum`, its code contains the whole schema beside the
 * values. The first two call functions of the runtime, so their code only works in a generated module.
 */
export function ownKeywords(ajv: Ajv2020, codegen: Codegen): void {
  const { _, Name, str } = codegen;
  const [isMultiple, isUnique] = [new Name('isMultiple'), new Name('isUnique')];
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    error: { message: ({ schemaCode }) => str`must be multiple of ${schemaCode}`, params: () => _`{}` },
    code: (context) => context.fail(_`!${isMultiple}(${context.data}, ${context.schemaCode})`),
  });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must NOT have equal items', params: () => _`{}` },
    code: (context) => {
      if (context.schema === true) context.fail(_`!${isUnique}(${context.data})`);
    },
  });
  const enumeration = ajv.getKeyword('enum');
  if (typeof enumeration !== 'object' || !('code' in enumeration)) return;
  const { code } = enumeration;
  enumeration.code = (context) => {
    const test = enumTest(context.data, context.schema, codegen);
    if (test) context.fail(test);
    else code(context);
  };
}

/** A test that data equals none of the values. Undefined if they are none or many, or one is a list or an object. */
export function enumTest(data: Name, given: unknown, { _Code, safeStringify }: Codegen): Code | undefined {
  const values: readonly unknown[] = Array.isArray(given) ? given : [];
  if (values.length === 0 || values.length >= MOST_COMPARED) return undefined;
  if (values.some((value) => typeof value === 'object' && value !== null)) return undefined;
  return new _Code(values.flatMap((value) => [' && ', data, ` !== ${safeStringify(value)}`]).slice(1));
}
