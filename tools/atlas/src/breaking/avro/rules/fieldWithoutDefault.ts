import { isForwardOnly, type AvroRule } from '../rule.ts';

export const fieldWithoutDefault: AvroRule = {
  id: 'avro-field-without-default',
  purpose: 'A reader needs a field that the data does not have, and has no default for it, so it cannot read the data.',
  level: 'wire',
  safePath: (found, { readers, writers }) =>
    isForwardOnly(found)
      ? [
          `keep ${found.field} and give it a default`,
          `deploy ${readers} with this schema`,
          `remove it, and deploy ${writers} with the new schema`,
        ]
      : [`give ${found.field} a default`, `deploy ${readers} and ${writers} in any order`],
};
