import { secondField, type AvroRule } from '../rule.ts';

export const sizeChanged: AvroRule = {
  id: 'avro-size-changed',
  purpose: 'A fixed has another number of bytes, so its value is not read.',
  level: 'wire',
  safePath: secondField,
};
