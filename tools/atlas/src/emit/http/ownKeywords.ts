import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { Code, Name } from 'ajv/dist/compile/codegen/code.js';

/** What ajv writes code with. */
export type Codegen = typeof import('ajv/dist/compile/codegen/code.js');

/** The most values of `enum` that are compared one by one. */
const MOST_COMPARED = 200;

/**
 * Keywords with code of our own, two of which call the runtime, so that it only runs in a generated module. ajv divides
 * in binary for `multipleOf`, where 0.07 is not a multiple of 0.01, and compares all pairs of items for `uniqueItems`.
 * For `enum` it names the whole schema in the code, although it has the values there already.
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

/** Whether data is none of a few simple values. Undefined if the values are many or have members. */
export function enumTest(data: Name, given: unknown, { _Code, safeStringify }: Codegen): Code | undefined {
  const values: readonly unknown[] = Array.isArray(given) ? given : [];
  if (values.length === 0 || values.length >= MOST_COMPARED) return undefined;
  if (values.some((value) => typeof value === 'object' && value !== null)) return undefined;
  return new _Code(values.flatMap((value) => [' && ', data, ` !== ${safeStringify(value)}`]).slice(1));
}
