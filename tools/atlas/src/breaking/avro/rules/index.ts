import type { UnreadableKind } from '../../../read/avro/resolvability.ts';
import type { AvroRule } from '../rule.ts';
import { branchUnknown } from './branchUnknown.ts';
import { bytesReadAsText } from './bytesReadAsText.ts';
import { decimalPrecisionLowered } from './decimalPrecisionLowered.ts';
import { decimalScaleChanged } from './decimalScaleChanged.ts';
import { fieldWithoutDefault } from './fieldWithoutDefault.ts';
import { logicalTypeChanged } from './logicalTypeChanged.ts';
import { nameChanged } from './nameChanged.ts';
import { sizeChanged } from './sizeChanged.ts';
import { symbolUnknown } from './symbolUnknown.ts';
import { typeChanged } from './typeChanged.ts';

/** The rule of each kind of data that a reader refuses. A test requires a case folder for each. */
export const avroRuleOf: Readonly<Record<UnreadableKind, AvroRule>> = {
  field: fieldWithoutDefault,
  type: typeChanged,
  name: nameChanged,
  size: sizeChanged,
  branch: branchUnknown,
  symbol: symbolUnknown,
  logical: logicalTypeChanged,
  scale: decimalScaleChanged,
  precision: decimalPrecisionLowered,
  text: bytesReadAsText,
};

export const avroRules: readonly AvroRule[] = Object.values(avroRuleOf);
