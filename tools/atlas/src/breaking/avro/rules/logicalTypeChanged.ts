import { secondField, type AvroRule } from '../rule.ts';

export const logicalTypeChanged: AvroRule = {
  id: 'avro-logical-type-changed',
  purpose:
    'A value is read under another logical type, such as milliseconds as microseconds. A registry accepts that and ' +
    'other readers read a wrong value; readers of Atlas refuse it.',
  level: 'wire',
  safePath: secondField,
};
