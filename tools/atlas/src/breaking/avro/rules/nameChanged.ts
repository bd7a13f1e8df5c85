import type { AvroRule } from '../rule.ts';

export const nameChanged: AvroRule = {
  id: 'avro-name-changed',
  purpose: 'A record, an enum or a fixed has another name, and the reader has no alias for the written one.',
  level: 'wire',
  safePath: () => [
    'keep the name, because readers look for it',
    'if it must change, add it as a new type in a new topic',
  ],
};
