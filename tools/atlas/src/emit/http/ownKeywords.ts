import type { Ajv2020 } from 'ajv/dist/2020.js';

type Codegen = typeof import('ajv/dist/compile/codegen/index.js');

/**
 * Two keywords whose code calls the runtime, so it only runs in a generated module. ajv divides in binary for
 * `multipleOf`, where 0.07 is not a multiple of 0.01, and compares all pairs of items for `uniqueItems`.
 */
export function ownKeywords(ajv: Ajv2020, { _, Name, str }: Codegen): void {
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
}
