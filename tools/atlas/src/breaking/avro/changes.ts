import type { UnreadableKind } from '../../read/avro/resolvability.ts';

/** The change of each kind of data that a reader refuses, and what it means. */
export const AVRO_CHANGES: Readonly<Record<UnreadableKind, { readonly id: string; readonly purpose: string }>> = {
  field: {
    id: 'avro-field-without-default',
    purpose: 'A reader wants a field that is not in the data, and has no default for it, so it reads none of the data.',
  },
  type: {
    id: 'avro-type-changed',
    purpose: 'A value is written as one type and read as another one to which it is not promoted.',
  },
  name: {
    id: 'avro-name-changed',
    purpose: 'A record, an enum or a fixed has another name, and the reader has no alias for the written one.',
  },
  size: { id: 'avro-size-changed', purpose: 'A fixed has another number of bytes, so its value is not read.' },
  branch: {
    id: 'avro-branch-unknown',
    purpose: 'A value may be of a branch of a union that the reader does not have, so the reader fails when it comes.',
  },
  symbol: {
    id: 'avro-symbol-unknown',
    purpose:
      'A symbol of an enum may be written that the reader does not have, and its enum has no default, so it fails.',
  },
  logical: {
    id: 'avro-logical-type-changed',
    purpose:
      'A value is read under another logical type, such as milliseconds as microseconds. A registry accepts that and ' +
      'other readers read a wrong value; readers of Atlas refuse it.',
  },
  scale: {
    id: 'avro-decimal-scale-changed',
    purpose:
      'A decimal is read with another scale, so that 1.00 becomes 10.0. A registry accepts that and other readers read ' +
      'a wrong value; readers of Atlas refuse it.',
  },
  precision: {
    id: 'avro-decimal-precision-lowered',
    purpose: 'A decimal may have more digits than the reader allows. A registry accepts that.',
  },
  text: {
    id: 'avro-bytes-read-as-text',
    purpose: 'Bytes are read as a string, and not all bytes are UTF-8. A registry accepts that.',
  },
};
