import type { CodeInfo } from '../diagnostics/diagnostic.ts';
import { rules } from './rules/index.ts';

const OPENAPI = 'The document does not follow the JSON Schema of the OpenAPI Initiative.';
const ASYNCAPI = 'The document does not follow the JSON Schema of the AsyncAPI Initiative.';

/** Codes of the standards' own schemas and of Atlas's rules. */
export const checkCodes: readonly CodeInfo[] = [
  {
    code: 'ATL2001',
    title: 'OpenAPI: a missing key',
    explain: { why: OPENAPI, bad: 'info: { title: Bookings }', good: 'info: { title: Bookings, version: 1.0.0 }' },
  },
  {
    code: 'ATL2002',
    title: 'OpenAPI: an unknown key',
    explain: { why: OPENAPI, bad: 'get: { opertionId: getBooking }', good: 'get: { operationId: getBooking }' },
  },
  {
    code: 'ATL2003',
    title: 'OpenAPI: an unknown value',
    explain: { why: OPENAPI, bad: 'schema: { type: sting }', good: 'schema: { type: string }' },
  },
  {
    code: 'ATL2004',
    title: 'OpenAPI: a value of the wrong type',
    explain: {
      why: OPENAPI,
      bad: 'parameters: { name: bookingId }',
      good: 'parameters: [{ name: bookingId, in: path, required: true, schema: {} }]',
    },
  },
  {
    code: 'ATL2005',
    title: 'OpenAPI: a value that does not fit',
    explain: {
      why: OPENAPI,
      bad: "schema: { type: string, pattern: '(' }",
      good: "schema: { type: string, pattern: '^[a-z]+$' }",
    },
  },
  {
    code: 'ATL2006',
    title: 'no OpenAPI 3.1 document',
    explain: {
      why: 'Atlas reads OpenAPI 3.1 for now: 3.0 says nullable and exclusive bounds in words of its own.',
      bad: 'openapi: 3.0.3',
      good: 'openapi: 3.1.0',
    },
  },
  {
    code: 'ATL2090',
    title: 'Redocly refuses what Atlas accepts',
    explain: {
      why: 'atlas check --official asks Redocly too. A document that only it refuses is a bug of Atlas: please report it.',
    },
  },
  {
    code: 'ATL3090',
    title: '@asyncapi/parser refuses what Atlas accepts',
    explain: {
      why: 'atlas check --official asks the official parser too. A document that only it refuses is a bug of Atlas: please report it.',
    },
  },
  {
    code: 'ATL3001',
    title: 'AsyncAPI: a missing key',
    explain: {
      why: ASYNCAPI,
      bad: 'operations: { sendBookings: { action: send } }',
      good: "operations: { sendBookings: { action: send, channel: { $ref: '#/channels/bookings' } } }",
    },
  },
  {
    code: 'ATL3002',
    title: 'AsyncAPI: an unknown key',
    explain: {
      why: ASYNCAPI,
      bad: 'channels: { bookings: { adress: acme.bookings.v1 } }',
      good: 'channels: { bookings: { address: acme.bookings.v1 } }',
    },
  },
  {
    code: 'ATL3003',
    title: 'AsyncAPI: an unknown value',
    explain: { why: ASYNCAPI, bad: 'action: recieve', good: 'action: receive' },
  },
  {
    code: 'ATL3004',
    title: 'AsyncAPI: a value of the wrong type',
    explain: {
      why: ASYNCAPI,
      bad: 'messages: BookingMade',
      good: "messages: [{ $ref: '#/channels/bookings/messages/BookingMade' }]",
    },
  },
  { code: 'ATL3005', title: 'AsyncAPI: a value that does not fit', explain: { why: ASYNCAPI } },
  {
    code: 'ATL3006',
    title: 'no AsyncAPI 3.0 document',
    explain: {
      why: 'Atlas reads AsyncAPI 3.0: 2.x says channels and operations the other way round.',
      bad: 'asyncapi: 2.6.0',
      good: 'asyncapi: 3.0.0',
    },
  },
  ...rules.map(({ code, title, explain }) => ({ code, title, explain })),
];
