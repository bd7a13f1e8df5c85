import { secondField, type AvroRule } from '../rule.ts';

export const bytesReadAsText: AvroRule = {
  id: 'avro-bytes-read-as-text',
  purpose: 'Bytes are read as a string, and not all bytes are UTF-8. A registry accepts that.',
  level: 'wire',
  attack: () => '\u00ff',
  safePath: secondField,
};
