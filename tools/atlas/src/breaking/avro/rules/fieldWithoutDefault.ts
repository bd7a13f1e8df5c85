import { isForwardOnly, type AvroRule } from '../rule.ts';

export const fieldWithoutDefault: AvroRule = {
  id: 'avro-field-without-default',
  purpose: 'A reader wants a field that is not in the data, and has no default for it, so it reads none of the data.',
  level: 'wire',
  safePath: (found, { readers, writers }) =>
    isForwardOnly(found)
      ? [
          `keep ${found.field} and give it a default`,
          `deploy ${readers} with this schema`,
          `then remove it, and deploy ${writers} with the new schema`,
        ]
      : [`give ${found.field} a default`, `deploy ${readers} and ${writers} in any order`],
};
