import type { CodeInfo } from '../../diagnostics/diagnostic.ts';

/** Codes of the reader of Avro (ATL4xxx): the specification of Avro 1.12, and what Atlas requires in addition. */
export const avroCodes: readonly CodeInfo[] = [
  {
    code: 'ATL4001',
    title: 'Avro: unknown type',
    explain: {
      why: 'A type is a primitive, a name that is defined earlier in the schema, or a name that a file below avro/ defines at its root.',
      bad: '{ "name": "seats", "type": "integer" }',
      good: '{ "name": "seats", "type": "int" }',
    },
  },
  {
    code: 'ATL4002',
    title: 'Avro: missing or invalid attribute',
    explain: {
      why: 'Each kind of schema has required attributes, such as items of an array or symbols of an enum.',
      bad: '{ "type": "array" }',
      good: '{ "type": "array", "items": "string" }',
    },
  },
  {
    code: 'ATL4003',
    title: 'Avro: invalid name',
    explain: {
      why: 'Names of types, fields and symbols consist of letters, digits and underscores, and do not start with a digit. A namespace consists of such names, joined by dots.',
      bad: '{ "name": "booking-id", "type": "string" }',
      good: '{ "name": "bookingId", "type": "string" }',
    },
  },
  {
    code: 'ATL4004',
    title: 'Avro: duplicate type',
    explain: {
      why: 'A full name has one definition. Define the type once, in its own file if several schemas use it, and refer to it by its name everywhere else.',
      bad: '"type": { "type": "record", "name": "Seat", … } in two fields',
      good: '"type": { "type": "record", "name": "Seat", … } in the first, "type": "Seat" in the second',
    },
  },
  {
    code: 'ATL4005',
    title: 'Avro: duplicate field or symbol',
    explain: {
      why: 'The names of fields, the aliases of fields and the symbols of an enum must be unique.',
      bad: '"symbols": ["WEB", "PHONE", "WEB"]',
      good: '"symbols": ["WEB", "PHONE"]',
    },
  },
  {
    code: 'ATL4006',
    title: 'Avro: ambiguous union',
    explain: {
      why: 'The branches of a union must have different types. Named types may repeat under different names. A union must not contain another union directly.',
      bad: '["null", "string", ["int", "string"]]',
      good: '["null", "string", "int"]',
    },
  },
  {
    code: 'ATL4007',
    title: 'Avro: invalid default',
    explain: {
      why: 'Readers use the default if older data lacks the field. A default that does not match the type breaks them on the first such event.',
      bad: '{ "name": "seats", "type": "int", "default": "1" }',
      good: '{ "name": "seats", "type": "int", "default": 1 }',
    },
  },
  {
    code: 'ATL4008',
    title: 'Avro: default of a later branch',
    explain: {
      why: 'Avro 1.12 accepts a default that matches any branch. Readers built for 1.11 or earlier check only the first branch and refuse the schema. This is a warning.',
      bad: '{ "name": "note", "type": ["string", "null"], "default": null }',
      good: '{ "name": "note", "type": ["null", "string"], "default": null }',
    },
  },
  {
    code: 'ATL4009',
    title: 'Avro: invalid decimal',
    explain: {
      why: 'A decimal has a precision of at least 1 and a scale of at most the precision. On a fixed, the bytes limit the precision.',
      bad: '{ "type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 4 }',
      good: '{ "type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 4 }',
    },
  },
  {
    code: 'ATL4010',
    title: 'Avro: misplaced logical type',
    explain: {
      why: 'Implementations ignore a logical type on the wrong base type, or beside the type of a field. The data then differs from what the schema seems to say.',
      bad: '{ "name": "madeAt", "type": "long", "logicalType": "timestamp-millis" }',
      good: '{ "name": "madeAt", "type": { "type": "long", "logicalType": "timestamp-millis" } }',
    },
  },
  {
    code: 'ATL4011',
    title: 'Avro: misspelt logical type',
    explain: {
      why: 'Unknown logical types are ignored, as the specification requires. This one looks like a known one. This is a warning.',
      bad: '{ "type": "long", "logicalType": "timestamp-milis" }',
      good: '{ "type": "long", "logicalType": "timestamp-millis" }',
    },
  },
  {
    code: 'ATL4012',
    title: 'Avro: endless recursion',
    explain: {
      why: 'A record that always contains itself has no finite value. End the recursion with a union with null, an array or a map.',
      bad: '{ "type": "record", "name": "Row", "fields": [{ "name": "next", "type": "Row" }] }',
      good: '{ "type": "record", "name": "Row", "fields": [{ "name": "next", "type": ["null", "Row"] }] }',
    },
  },
  {
    code: 'ATL4013',
    title: 'Avro: payload other than a record',
    explain: {
      why: 'The record is the type of the event: its full name is the ce_type header and part of the subject. Also, only a record can gain fields later.',
      bad: '{ "type": "array", "items": "string" }',
      good: '{ "type": "record", "name": "SeatsFreed", "fields": [{ "name": "seats", "type": { "type": "array", "items": "string" } }] }',
    },
  },
  {
    code: 'ATL4014',
    title: 'Avro: schema too large',
    explain: {
      why: 'A schema becomes code that people read and a text that the registry stores, so its size is limited.',
    },
  },
  {
    code: 'ATL4015',
    title: 'Avro: pii that is neither true nor false',
    explain: {
      why: 'Avro allows properties of your own. Atlas reads one of them: pii: true marks personal data. Any other value is ignored. This is a warning.',
      bad: '{ "name": "email", "type": "string", "pii": "EMAIL" }',
      good: '{ "name": "email", "type": "string", "pii": true }',
    },
  },
];
