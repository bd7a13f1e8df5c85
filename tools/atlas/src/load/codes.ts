import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of loading: the configuration (ATL10xx, a usage error) and the documents (ATL11xx). */
export const loadCodes: readonly CodeInfo[] = [
  {
    code: 'ATL1001',
    title: 'configuration: missing key',
    explain: {
      why: 'atlas.config.yaml needs version and services. Each service needs openapi, asyncapi or both.',
      bad: 'services: { bookings: { openapi: openapi/bookings.yaml } }',
      good: 'version: 1\nservices: { bookings: { openapi: openapi/bookings.yaml } }',
    },
  },
  {
    code: 'ATL1002',
    title: 'configuration: unknown key or invalid service name',
    explain: {
      why: 'Unknown keys are refused, because a misspelt key would silently do nothing. Service names are in kebab-case.',
      bad: 'services: { seatMap: { openAPI: openapi/seats.yaml } }',
      good: 'services: { seat-map: { openapi: openapi/seats.yaml } }',
    },
  },
  {
    code: 'ATL1003',
    title: 'configuration: unknown value',
    explain: { why: 'Version 1 is the only version of the format.', bad: 'version: 2', good: 'version: 1' },
  },
  {
    code: 'ATL1004',
    title: 'configuration: wrong type',
    explain: {
      why: 'Paths and patterns are strings. services is an object, and so is each service in it.',
      bad: 'out: [generated]',
      good: 'out: ../generated',
    },
  },
  {
    code: 'ATL1005',
    title: 'configuration: invalid value',
    explain: {
      why: 'dlq and packageName are patterns that contain {service}, which atlas replaces with the name of the service. out is a relative path.',
      bad: 'dlq: dead-letters',
      good: "dlq: 'acme.{service}.dlq.v1'",
    },
  },
  {
    code: 'ATL1006',
    title: 'configuration: file outside its folder',
    explain: {
      why: 'All files that atlas reads are in the folder of atlas.config.yaml or below it.',
      bad: 'openapi: ../elsewhere/bookings.yaml',
      good: 'openapi: openapi/bookings.yaml',
    },
  },
  {
    code: 'ATL1101',
    title: 'unreadable file',
    explain: {
      why: 'Every document that the configuration or a $ref names must be a UTF-8 text file of at most 16 MiB.',
    },
  },
  { code: 'ATL1102', title: 'too many documents', explain: { why: 'One configuration can read at most 2000 files.' } },
  {
    code: 'ATL1103',
    title: 'syntax error',
    explain: {
      why: 'The text is not valid YAML 1.2 (core schema) or, in .json and .avsc files, not valid JSON.',
      bad: 'title: "Bookings',
      good: 'title: "Bookings"',
    },
  },
  {
    code: 'ATL1104',
    title: 'duplicate key',
    explain: {
      why: 'Parsers disagree about which of the two values counts, so two tools would read two different contracts.',
      bad: 'seats: { type: integer }\nseats: { type: string }',
      good: 'seats: { type: integer }',
    },
  },
  {
    code: 'ATL1105',
    title: 'tab in the indentation',
    explain: {
      why: 'YAML does not allow tabs in the indentation, because editors show them with different widths.',
      bad: 'info:\n\ttitle: x',
      good: 'info:\n  title: x',
    },
  },
  {
    code: 'ATL1106',
    title: 'too many values',
    explain: {
      why: 'Aliases that contain aliases grow exponentially. With all aliases expanded, a document may have at most a million values. A YAML document may also have at most 300,000 comments, blank lines, anchors, tags and other words that are not values, and a million lines in its texts.',
    },
  },
  {
    code: 'ATL1107',
    title: 'nesting too deep',
    explain: { why: 'A document may have at most 100 levels. Real documents have fewer than 30.' },
  },
  {
    code: 'ATL1108',
    title: 'forbidden key __proto__',
    explain: {
      why: 'In JavaScript tools that are less careful, a key named __proto__ changes the prototype of objects.',
    },
  },
  {
    code: 'ATL1109',
    title: 'number out of range',
    explain: {
      why: 'Integers beyond 2^53 - 1 and infinite numbers change when they are parsed, so the generated code would differ from the spec. Only the default of a field in an .avsc file may be that big.',
      bad: 'maximum: 9223372036854775807',
      good: 'maximum: 9007199254740991',
    },
  },
  {
    code: 'ATL1110',
    title: 'unresolved $ref',
    explain: {
      why: 'A $ref is the path of a file, relative to the file that contains the $ref, then # and a JSON Pointer. Without a path, it refers to the same file.',
      bad: "$ref: '#/components/schemas/Boking'",
      good: "$ref: '#/components/schemas/Booking'",
    },
  },
  {
    code: 'ATL1111',
    title: 'circular reference',
    explain: {
      why: 'A chain of references that leads back to its start never reaches a value. A chain may have at most 50 references. (A schema that contains itself is fine.)',
      bad: "A: { $ref: '#/components/schemas/B' }\nB: { $ref: '#/components/schemas/A' }",
      good: 'A: { type: object }',
    },
  },
  {
    code: 'ATL1112',
    title: 'reference outside the configuration folder',
    explain: { why: 'A spec may come from anybody, so it must not make a build read other files of the machine.' },
  },
  {
    code: 'ATL1113',
    title: 'remote reference',
    explain: {
      why: 'Generated code must not depend on what a server returns today. Keep a copy of the document beside the spec.',
    },
  },
  {
    code: 'ATL1114',
    title: '$ref in an Avro schema',
    explain: {
      why: 'An Avro schema refers to a type by its full name. Atlas finds the type in the files below avro/.',
      bad: '{ "name": "price", "type": { "$ref": "../common/Money.avsc" } }',
      good: '{ "name": "price", "type": "acme.common.Money" }',
    },
  },
  {
    code: 'ATL1115',
    title: 'YAML merge key',
    explain: {
      why: 'YAML 1.2 has no merge keys: some parsers merge, others see a key named "<<".',
      bad: 'GetBooking: { <<: *common, summary: Read one. }',
      good: 'GetBooking: { summary: Read one., security: [] }',
    },
  },
];
