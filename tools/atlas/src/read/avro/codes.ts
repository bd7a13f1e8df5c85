import type { CodeInfo } from '../../diagnostics/diagnostic.ts';

/** Codes of the reader of Avro (ATL4xxx): the specification, 1.12, and what Atlas asks beside it. */
export const avroCodes: readonly CodeInfo[] = [
  {
    code: 'ATL4001',
    title: 'Avro: an unknown type',
    explain: {
      why: 'A type is a primitive, a name defined earlier in the schema, or a name that some file below avro/ defines at its root.',
      bad: '{ "name": "seats", "type": "integer" }',
      good: '{ "name": "seats", "type": "int" }',
    },
  },
  {
    code: 'ATL4002',
    title: 'Avro: an attribute that is missing or of the wrong kind',
    explain: {
      why: 'Each kind of schema has attributes that it can not do without, such as items of an array or symbols of an enum.',
      bad: '{ "type": "array" }',
      good: '{ "type": "array", "items": "string" }',
    },
  },
  {
    code: 'ATL4003',
    title: 'Avro: a name that is none',
    explain: {
      why: 'Names of types, fields and symbols are letters, digits and underscores and do not begin with a digit; namespaces are such names joined by dots.',
      bad: '{ "name": "booking-id", "type": "string" }',
      good: '{ "name": "bookingId", "type": "string" }',
    },
  },
  {
    code: 'ATL4004',
    title: 'Avro: a type defined twice',
    explain: {
      why: 'A full name has one definition. Define the type once, in a file of its own if several schemas use it, and write its name everywhere else.',
      bad: '"type": { "type": "record", "name": "Seat", … } in two fields',
      good: '"type": { "type": "record", "name": "Seat", … } in the first, "type": "Seat" in the second',
    },
  },
  {
    code: 'ATL4005',
    title: 'Avro: two fields or symbols of one name',
    explain: {
      why: 'Fields of a record, their aliases, and symbols of an enum are told apart by their names.',
      bad: '"symbols": ["WEB", "PHONE", "WEB"]',
      good: '"symbols": ["WEB", "PHONE"]',
    },
  },
  {
    code: 'ATL4006',
    title: 'Avro: a union that can not be told apart',
    explain: {
      why: 'A union has no two branches of one type, other than named types of differing names, and no union directly in it.',
      bad: '["null", "string", ["int", "string"]]',
      good: '["null", "string", "int"]',
    },
  },
  {
    code: 'ATL4007',
    title: 'Avro: a default that does not fit its type',
    explain: {
      why: 'Readers put the default in place of a field that older data lacks; one that does not fit breaks them on the first such event.',
      bad: '{ "name": "seats", "type": "int", "default": "1" }',
      good: '{ "name": "seats", "type": "int", "default": 1 }',
    },
  },
  {
    code: 'ATL4008',
    title: 'Avro: a default of a later branch',
    explain: {
      why: 'Avro 1.12 takes the first branch that the default fits; readers built for 1.11 and before know only the first branch and refuse the schema. A warning.',
      bad: '{ "name": "note", "type": ["string", "null"], "default": null }',
      good: '{ "name": "note", "type": ["null", "string"], "default": null }',
    },
  },
  {
    code: 'ATL4009',
    title: 'Avro: a decimal that can not be',
    explain: {
      why: 'A decimal has a precision from 1, a scale not above it, and on a fixed no more digits than its bytes hold.',
      bad: '{ "type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 4 }',
      good: '{ "type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 4 }',
    },
  },
  {
    code: 'ATL4010',
    title: 'Avro: a logical type in the wrong place',
    explain: {
      why: 'A logical type on another base than its own, or beside the type of a field, is ignored by every implementation, and the data is not what the schema seems to say.',
      bad: '{ "name": "madeAt", "type": "long", "logicalType": "timestamp-millis" }',
      good: '{ "name": "madeAt", "type": { "type": "long", "logicalType": "timestamp-millis" } }',
    },
  },
  {
    code: 'ATL4011',
    title: 'Avro: a logical type that looks misspelt',
    explain: {
      why: 'Unknown logical types are ignored, as the specification wants. This one is nearly one that is known. A warning.',
      bad: '{ "type": "long", "logicalType": "timestamp-milis" }',
      good: '{ "type": "long", "logicalType": "timestamp-millis" }',
    },
  },
  {
    code: 'ATL4012',
    title: 'Avro: a record that holds itself without an end',
    explain: {
      why: 'No value of such a record can ever be complete: the recursion needs a way out, through a union with null, a list or a map.',
      bad: '{ "type": "record", "name": "Row", "fields": [{ "name": "next", "type": "Row" }] }',
      good: '{ "type": "record", "name": "Row", "fields": [{ "name": "next", "type": ["null", "Row"] }] }',
    },
  },
  {
    code: 'ATL4013',
    title: 'Avro: a payload that is no record',
    explain: {
      why: 'The record is the type of the event: its full name is the ce_type and part of the subject, and only a record can gain fields later.',
      bad: '{ "type": "array", "items": "string" }',
      good: '{ "type": "record", "name": "SeatsFreed", "fields": [{ "name": "seats", "type": { "type": "array", "items": "string" } }] }',
    },
  },
  {
    code: 'ATL4014',
    title: 'Avro: a schema beyond all measure',
    explain: {
      why: 'A schema becomes types and functions that people read, and one text that the registry keeps.',
    },
  },
];
