import { type Operation, operations, type Pair, parameters, query, type Schema, text, whole } from './pair.ts';

const json = (schema: Schema): object => ({ 'application/json': { schema } });
const body = (schema: Schema, required: boolean): Operation => ({ requestBody: { required, content: json(schema) } });
const done = (more: object = {}): object => ({ description: 'done', ...more });

/** Parameters, bodies, statuses, headers and security. */
export const OPERATIONS: readonly Pair[] = [
  {
    id: 'query-added',
    edit: 'an optional parameter added',
    ...parameters([], [query('page', whole)]),
    breaks: false,
    because: 'nobody has to send it',
  },
  {
    id: 'query-added-required',
    edit: 'a required parameter added',
    ...parameters([], [query('page', whole, { required: true })]),
    breaks: true,
    because: 'old clients do not send it',
  },
  {
    id: 'query-became-required',
    edit: 'a parameter became required',
    ...parameters([query('page', whole)], [query('page', whole, { required: true })]),
    breaks: true,
    because: 'a request without it is refused',
  },
  {
    id: 'query-became-optional',
    edit: 'a parameter became optional',
    ...parameters([query('page', whole, { required: true })], [query('page', whole)]),
    breaks: false,
    because: 'clients may continue to send it',
  },
  {
    id: 'query-narrowed',
    edit: 'maximum of a parameter 200 → 100',
    ...parameters(
      [query('limit', { type: 'integer', maximum: 200 })],
      [query('limit', { type: 'integer', maximum: 100 })],
    ),
    breaks: true,
    because: 'limit=101 is refused',
  },
  {
    id: 'query-number-to-text',
    edit: 'a parameter: integer → string',
    ...parameters([query('code', whole)], [query('code', text)]),
    breaks: false,
    because: 'a query contains only text, so numbers are sent as text',
  },
  {
    id: 'query-list-style',
    edit: 'explode of a list: true → false',
    ...parameters(
      [query('id', { type: 'array', items: whole }, { explode: true })],
      [query('id', { type: 'array', items: whole }, { explode: false })],
    ),
    breaks: true,
    because: 'id=1&id=2 is not id=1,2',
  },
  {
    id: 'header-case',
    edit: 'a header parameter: X-Tenant → x-tenant',
    ...parameters(
      [{ name: 'X-Tenant', in: 'header', required: true, schema: text }],
      [{ name: 'x-tenant', in: 'header', required: true, schema: text }],
    ),
    breaks: false,
    because: 'names of headers ignore case (RFC 9110, section 5.1)',
  },
  {
    id: 'header-to-query',
    edit: 'a required header became a required query parameter',
    ...parameters(
      [{ name: 'tenant', in: 'header', required: true, schema: text }],
      [query('tenant', text, { required: true })],
    ),
    breaks: true,
    because: 'old clients send only the header',
  },
  {
    id: 'parameters-order',
    edit: 'parameters in another order',
    ...parameters([query('a', text), query('b', text)], [query('b', text), query('a', text)]),
    breaks: false,
    because: 'order has no meaning',
  },
  {
    id: 'body-became-required',
    edit: 'the body became required',
    ...operations(body(text, false), body(text, true)),
    breaks: true,
    because: 'a request without one is refused',
  },
  {
    id: 'body-became-optional',
    edit: 'the body became optional',
    ...operations(body(text, true), body(text, false)),
    breaks: false,
    because: 'clients may continue to send it',
  },
  {
    id: 'body-type-added',
    edit: 'a media type added to the body',
    ...operations(
      { requestBody: { required: true, content: json(text) } },
      { requestBody: { required: true, content: { ...json(text), 'text/plain': { schema: text } } } },
    ),
    breaks: false,
    because: 'JSON is still accepted',
  },
  {
    id: 'body-type-range',
    edit: 'image/png → image/* in the body',
    ...operations(
      { requestBody: { required: true, content: { 'image/png': {} } } },
      { requestBody: { required: true, content: { 'image/*': {} } } },
    ),
    breaks: false,
    because: 'the range includes PNG (RFC 9110, section 12.5.1)',
  },
  {
    id: 'body-type-removed',
    edit: 'a media type removed from the body',
    ...operations(
      { requestBody: { required: true, content: { ...json(text), 'text/plain': { schema: text } } } },
      { requestBody: { required: true, content: json(text) } },
    ),
    breaks: true,
    because: 'text/plain is refused',
  },
  {
    id: 'status-success-added',
    edit: '202 added beside 200',
    ...operations({ responses: { 200: done() } }, { responses: { 200: done(), 202: done() } }),
    breaks: true,
    because: 'a client that expects 200 gets 202',
  },
  {
    id: 'status-error-added',
    edit: '409 added',
    ...operations({ responses: { 200: done() } }, { responses: { 200: done(), 409: done() } }),
    breaks: false,
    because: 'clients treat an unknown 4xx as 400 (RFC 9110, section 15)',
  },
  {
    id: 'status-range',
    edit: '404 → 4XX',
    ...operations({ responses: { 200: done(), 404: done() } }, { responses: { 200: done(), '4XX': done() } }),
    breaks: false,
    because: 'a client that handles 404 treats another 4xx as 400',
  },
  {
    id: 'response-header-removed',
    edit: 'a required header of a response removed',
    ...operations(
      { responses: { 200: done({ headers: { 'X-Total': { required: true, schema: whole } } }) } },
      { responses: { 200: done() } },
    ),
    breaks: true,
    because: 'a client that reads it gets nothing',
  },
  {
    id: 'response-header-added',
    edit: 'a header of a response added',
    ...operations(
      { responses: { 200: done() } },
      { responses: { 200: done({ headers: { 'X-Total': { schema: whole } } }) } },
    ),
    breaks: false,
    because: 'clients skip headers that they do not know',
  },
  {
    id: 'response-type-added',
    edit: 'a media type added to the response',
    ...operations(
      { responses: { 200: done({ content: json(text) }) } },
      { responses: { 200: done({ content: { ...json(text), 'text/csv': { schema: text } } }) } },
    ),
    breaks: false,
    because: 'clients get it only if they ask for it',
  },
  {
    id: 'security-scope-added',
    edit: 'one more scope needed',
    ...operations({ security: [{ login: ['read'] }] }, { security: [{ login: ['read', 'audit'] }] }),
    breaks: true,
    because: 'a token with read alone is refused',
  },
  {
    id: 'security-alternative-added',
    edit: 'an API key is accepted, too',
    ...operations({ security: [{ login: ['read'] }] }, { security: [{ login: ['read'] }, { key: [] }] }),
    breaks: false,
    because: 'the token is still accepted',
  },
  {
    id: 'security-both-needed',
    edit: 'token or key → token and key',
    ...operations({ security: [{ login: ['read'] }, { key: [] }] }, { security: [{ login: ['read'], key: [] }] }),
    breaks: true,
    because: 'the key alone is refused',
  },
  {
    id: 'words',
    edit: 'summary, description and tags changed',
    ...operations({ summary: 'Read.' }, { summary: 'Read it.', description: 'Gives one.', tags: ['things'] }),
    breaks: false,
    because: 'descriptions are not sent',
  },
];
