import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of reading: the configuration (ATL10xx, a usage error) and the documents (ATL11xx). */
export const loadCodes: readonly CodeInfo[] = [
  {
    code: 'ATL1001',
    title: 'the configuration lacks a key',
    explain: {
      why: 'atlas.config.yaml needs version and services; each service needs openapi, asyncapi or both.',
      bad: 'services: { bookings: { openapi: openapi/bookings.yaml } }',
      good: 'version: 1\nservices: { bookings: { openapi: openapi/bookings.yaml } }',
    },
  },
  {
    code: 'ATL1002',
    title: 'the configuration has an unknown key or a name that does not fit',
    explain: {
      why: 'A key that nobody reads is a wish that nobody hears. Services are named in kebab-case.',
      bad: 'services: { seatMap: { openAPI: openapi/seats.yaml } }',
      good: 'services: { seat-map: { openapi: openapi/seats.yaml } }',
    },
  },
  {
    code: 'ATL1003',
    title: 'the configuration has a value that it does not know',
    explain: { why: 'Only version 1 of the format exists.', bad: 'version: 2', good: 'version: 1' },
  },
  {
    code: 'ATL1004',
    title: 'the configuration has a value of the wrong type',
    explain: {
      why: 'Paths and patterns are text, services are objects.',
      bad: 'out: [generated]',
      good: 'out: ../generated',
    },
  },
  {
    code: 'ATL1005',
    title: 'the configuration has a value that does not fit',
    explain: {
      why: 'dlq and packageName are patterns in which {service} stands for the name of the service.',
      bad: 'dlq: dead-letters',
      good: "dlq: 'acme.{service}.dlq.v1'",
    },
  },
  {
    code: 'ATL1006',
    title: 'the configuration names a file outside its folder',
    explain: {
      why: 'Everything that the toolkit reads lies below the folder of atlas.config.yaml.',
      bad: 'openapi: ../elsewhere/bookings.yaml',
      good: 'openapi: openapi/bookings.yaml',
    },
  },
  {
    code: 'ATL1101',
    title: 'a file can not be read',
    explain: {
      why: 'Every document that the configuration or a $ref names must be a UTF-8 text file of at most 10 MiB.',
    },
  },
  { code: 'ATL1102', title: 'too many documents', explain: { why: 'One configuration reads at most 2000 files.' } },
  {
    code: 'ATL1103',
    title: 'a syntax error',
    explain: {
      why: 'The text is no YAML 1.2 (core schema) or, in .json and .avsc files, no JSON.',
      bad: 'title: "Bookings',
      good: 'title: "Bookings"',
    },
  },
  {
    code: 'ATL1104',
    title: 'a key stands twice',
    explain: {
      why: 'Parsers disagree on which of the two counts, so that two tools would read two contracts.',
      bad: 'seats: { type: integer }\nseats: { type: string }',
      good: 'seats: { type: integer }',
    },
  },
  {
    code: 'ATL1105',
    title: 'a tab in the indentation',
    explain: {
      why: 'YAML forbids tabs there: their width is a matter of taste.',
      bad: 'info:\n\ttitle: x',
      good: 'info:\n  title: x',
    },
  },
  {
    code: 'ATL1106',
    title: 'more values than a document may have',
    explain: { why: 'Aliases inside aliases grow without end; a document may stand for a million values.' },
  },
  {
    code: 'ATL1107',
    title: 'nested too deep',
    explain: { why: 'A document may be 100 levels deep; real ones stay below 30.' },
  },
  {
    code: 'ATL1108',
    title: 'a key with a meaning of its own in JavaScript',
    explain: { why: 'A member named __proto__ would reach the prototype of objects in tools that are less careful.' },
  },
  {
    code: 'ATL1109',
    title: 'a number that no double holds',
    explain: {
      why: 'Integers beyond 2^53 - 1 and infinite numbers change when they are read, so the generated code would say something else.',
      bad: 'maximum: 9223372036854775807',
      good: 'maximum: 9007199254740991',
    },
  },
  {
    code: 'ATL1110',
    title: 'a reference that leads nowhere',
    explain: {
      why: 'A $ref is a file relative to the one it stands in and a JSON Pointer behind #.',
      bad: "$ref: '#/components/schemas/Boking'",
      good: "$ref: '#/components/schemas/Booking'",
    },
  },
  {
    code: 'ATL1111',
    title: 'references in a circle',
    explain: {
      why: 'A reference to a reference back to the first never reaches a value. (A schema that contains itself is fine.)',
      bad: "A: { $ref: '#/components/schemas/B' }\nB: { $ref: '#/components/schemas/A' }",
      good: 'A: { type: object }',
    },
  },
  {
    code: 'ATL1112',
    title: 'a path out of the folder of the configuration',
    explain: { why: 'A spec from anyone must not make a build read files that are none of its business.' },
  },
  {
    code: 'ATL1113',
    title: 'a reference to another machine',
    explain: { why: 'What is generated must not depend on what a server says today. Keep a copy beside the spec.' },
  },
  {
    code: 'ATL1114',
    title: 'a $ref in an Avro schema',
    explain: {
      why: 'Avro refers to types by their full name; files below avro/ find each other that way.',
      bad: '{ "name": "price", "type": { "$ref": "../common/Money.avsc" } }',
      good: '{ "name": "price", "type": "acme.common.Money" }',
    },
  },
  {
    code: 'ATL1115',
    title: 'a merge key in YAML',
    explain: {
      why: 'YAML 1.2 has no merge keys: some readers merge, others see a member named "<<".',
      bad: 'GetBooking: { <<: *common, summary: Read one. }',
      good: 'GetBooking: { summary: Read one., security: [] }',
    },
  },
];
