import { secondField, type AvroRule } from '../rule.ts';

export const decimalScaleChanged: AvroRule = {
  id: 'avro-decimal-scale-changed',
  purpose:
    'A decimal is read with another scale, so that 1.00 becomes 10.0. A registry accepts that and other readers read ' +
    'a wrong value; readers of Atlas refuse it.',
  level: 'wire',
  safePath: secondField,
};
