import { secondField, type AvroRule } from '../rule.ts';

export const typeChanged: AvroRule = {
  id: 'avro-type-changed',
  purpose: 'A value is written as one type and read as another one to which it is not promoted.',
  level: 'wire',
  safePath: secondField,
};
