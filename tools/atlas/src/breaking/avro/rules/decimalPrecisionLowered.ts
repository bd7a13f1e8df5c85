import { logicalTypeOf } from '../../../read/avro/matching.ts';
import { nines } from '../decimal.ts';
import { secondField, type AvroRule } from '../rule.ts';

export const decimalPrecisionLowered: AvroRule = {
  id: 'avro-decimal-precision-lowered',
  purpose: 'A decimal may have more digits than the reader allows. A registry accepts that.',
  level: 'wire',
  attack: (type) => {
    const logical = logicalTypeOf(type);
    return logical?.name === 'decimal' ? nines(logical.precision, type) : undefined;
  },
  safePath: secondField,
};
