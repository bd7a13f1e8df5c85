import { isForwardOnly, type AvroRule } from '../rule.ts';

export const symbolUnknown: AvroRule = {
  id: 'avro-symbol-unknown',
  purpose:
    'A symbol of an enum may be written that the reader does not have, and its enum has no default, so it fails.',
  level: 'wire',
  attack: (_, { symbols }) => symbols[0],
  safePath: (found, { readers, writers }) =>
    isForwardOnly(found)
      ? [
          'give the enum a default',
          `deploy ${readers} with this schema`,
          `then add the symbol, and deploy ${writers} with the new schema`,
        ]
      : [
          'keep the symbol as long as data with it may be read, or give the enum a default',
          `deploy ${readers} with this schema`,
        ],
};
