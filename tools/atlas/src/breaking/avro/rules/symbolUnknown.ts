import { isForwardOnly, type AvroRule } from '../rule.ts';

export const symbolUnknown: AvroRule = {
  id: 'avro-symbol-unknown',
  purpose:
    'The data may have a symbol that the enum of the reader does not have. That enum has no default, so the reader fails.',
  level: 'wire',
  attack: (_, { symbols }) => symbols[0],
  safePath: (found, { readers, writers }) =>
    isForwardOnly(found)
      ? [
          'give the enum a default',
          `deploy ${readers} with this schema`,
          `add the symbol, and deploy ${writers} with the new schema`,
        ]
      : [
          'keep the symbol as long as data with it may be read, or give the enum a default',
          `deploy ${readers} with this schema`,
        ],
};
