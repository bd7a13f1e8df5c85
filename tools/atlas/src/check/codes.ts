import type { CodeInfo } from '../diagnostics/diagnostic.ts';
import { asyncapiRules } from './rules/asyncapi/index.ts';
import { avroRules } from './rules/avro/index.ts';
import { openapiRules } from './rules/openapi/index.ts';
import { systemRules } from './rules/system/index.ts';

type Example = Pick<CodeInfo['explain'], 'bad' | 'good'>;

/** The codes of a standard's own JSON Schema. The last digit is the kind of problem. */
function schemaCodes(prefix: string, standard: string, examples: readonly Example[]): readonly CodeInfo[] {
  const schema = `Atlas checks documents against the JSON Schema that the ${standard} Initiative publishes.`;
  const complaints = [
    ['missing key', `${standard} requires this key.`],
    ['unknown key', `${standard} has no such key here. The names of extensions start with x-.`],
    ['unknown value', `${standard} has a list of values for this key.`],
    ['wrong type', `${standard} requires another type of value for this key.`],
    ['invalid value', `The value breaks a rule of ${standard}, such as a pattern, a format or a minimum length.`],
  ] as const;
  return complaints.map(([title, why], index) => ({
    code: `${prefix}${index + 1}`,
    title: `${standard}: ${title}`,
    explain: { why: `${why} ${schema}`, ...examples[index] },
  }));
}

/** Codes of the standards' own schemas and of Atlas's rules. */
export const checkCodes: readonly CodeInfo[] = [
  ...schemaCodes('ATL200', 'OpenAPI', [
    { bad: 'info: { title: Bookings }', good: 'info: { title: Bookings, version: 1.0.0 }' },
    { bad: 'get: { opertionId: getBooking }', good: 'get: { operationId: getBooking }' },
    { bad: 'schema: { type: sting }', good: 'schema: { type: string }' },
    {
      bad: 'parameters: { name: bookingId }',
      good: 'parameters: [{ name: bookingId, in: path, required: true, schema: {} }]',
    },
    { bad: "schema: { type: string, pattern: '(' }", good: "schema: { type: string, pattern: '^[a-z]+$' }" },
  ]),
  {
    code: 'ATL2006',
    title: 'not an OpenAPI 3.1 document',
    explain: {
      why: 'Atlas reads OpenAPI 3.1 only. OpenAPI 3.0 writes nullable types and exclusive bounds differently.',
      bad: 'openapi: 3.0.3',
      good: 'openapi: 3.1.0',
    },
  },
  {
    code: 'ATL2090',
    title: 'refused by Redocly',
    explain: {
      why: 'atlas check --official also runs Redocly. If Redocly refuses a document that atlas accepts, that is a bug in atlas: please report it.',
    },
  },
  ...schemaCodes('ATL300', 'AsyncAPI', [
    {
      bad: 'operations: { sendBookings: { action: send } }',
      good: "operations: { sendBookings: { action: send, channel: { $ref: '#/channels/bookings' } } }",
    },
    {
      bad: 'channels: { bookings: { adress: acme.bookings.v1 } }',
      good: 'channels: { bookings: { address: acme.bookings.v1 } }',
    },
    { bad: 'action: recieve', good: 'action: receive' },
    { bad: 'messages: BookingMade', good: "messages: [{ $ref: '#/channels/bookings/messages/BookingMade' }]" },
    {},
  ]),
  {
    code: 'ATL3006',
    title: 'not an AsyncAPI 3 document',
    explain: {
      why: 'Atlas reads AsyncAPI 3.0 and 3.1. In AsyncAPI 2.x, channels and operations have a different structure.',
      bad: 'asyncapi: 2.6.0',
      good: 'asyncapi: 3.0.0',
    },
  },
  {
    code: 'ATL3090',
    title: 'refused by @asyncapi/parser',
    explain: {
      why: 'atlas check --official also runs the official parser. If the parser refuses a document that atlas accepts, that is a bug in atlas: please report it.',
    },
  },
  ...[...openapiRules, ...asyncapiRules, ...avroRules, ...systemRules].map(({ code, title, explain }) => ({
    code,
    title,
    explain,
  })),
];
