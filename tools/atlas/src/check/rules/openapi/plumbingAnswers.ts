import { handlerCodes, isSafe, PLUMBING_PROBLEMS, type Occasion, type PlumbingProblem } from '@atlas/ir';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../../document/cursor.ts';
import { securityOf, type OperationView, type ResponseView } from '../../../read/openapi/http.ts';
import { headerParam, plumbingHeader, PROBLEM, problemCodes, textsOf } from '../../../read/openapi/messages.ts';
import { tagKindsOf, type TagKinds } from '../../../read/openapi/tags.ts';
import type { Rule } from '../../rule.ts';

/** The response for all statuses that are not listed (OpenAPI 3.1, section 4.8.16). */
const OTHERS = 'default';

export const plumbingAnswers: Rule = {
  code: 'ATL2021',
  title: 'answer of the plumbing not declared',
  explain: {
    why: 'The plumbing answers without the handler: it refuses requests, tokens, roles, keys and versions (400, 401, 403, 406, 409, 412, 413, 415, 422, 428), it fails (500, 503), and a request may break the rules of HTTP (408, 414, 417, 431, 501). Clients know only what the contract declares. So an operation declares each of these answers with application/problem+json, by status or together as default. An answer with a status of its own declares its header: Retry-After, WWW-Authenticate, Idempotency-Replayed. It requires the header only if every answer with that status has it. A read that gives an ETag declares 304.',
    bad: "responses:\n  '200': { description: The booking. }",
    good: "responses:\n  '200': { description: The booking. }\n  default: { description: Refused., content: { application/problem+json: { schema: { $ref: '#/components/schemas/Problem' } } } }",
  },
  *check({ http }) {
    // operations share responses, which are reported once
    const seen = new Set<string>();
    for (const view of http) {
      const tags = tagKindsOf(view);
      for (const finding of view.operations.flatMap((operation) => findingsOf(operation, tags))) {
        const key = JSON.stringify([finding.loc, finding.message]);
        if (!seen.has(key)) yield finding;
        seen.add(key);
      }
    }
  },
};

function findingsOf(operation: OperationView, tags: TagKinds): readonly Finding[] {
  const answers = answersOf(operation, tags);
  return [
    ...undeclared(operation, answers),
    ...withoutHeaders(operation, answers),
    ...withHeadersOfOthers(operation),
    ...withoutNotModified(operation),
  ];
}

/** A problem that the plumbing may answer an operation with, by its code. */
type Answer = PlumbingProblem & { readonly code: string };

function answersOf(operation: OperationView, tags: TagKinds): readonly Answer[] {
  const occasions = occasionsOf(operation, tags);
  return [...PLUMBING_PROBLEMS].flatMap(([code, problem]) => (occasions.has(problem.on) ? [{ ...problem, code }] : []));
}

function occasionsOf(operation: OperationView, tags: TagKinds): ReadonlySet<Occasion> {
  const security = securityOf(operation);
  const key = keyOf(operation);
  const version = plumbingHeader(operation, 'If-Match');
  const found: Readonly<Record<Occasion, boolean>> = {
    any: true,
    transport: true,
    none: false,
    body: operation.cursor.get('requestBody') !== undefined,
    command: !isSafe(operation.method),
    token: security.some(({ webhook }) => webhook !== true),
    webhook: security.some(({ webhook }) => webhook === true),
    role: security.length > 0 && security.every(({ roles }) => roles.length > 0),
    key: key !== undefined,
    'required-key': key?.required === true,
    // other tags are compared by the handler
    version: version !== undefined && tags(headerParam(operation, 'If-Match')?.cursor.get('schema')) === 'version',
    'required-version': version?.required === true,
    choice: operation.responses.some((response) => textsOf(operation, response).length > 0),
  };
  return new Set([...PLUMBING_PROBLEMS.values()].flatMap(({ on }) => (found[on] ? [on] : [])));
}

/** Reads must not have one, which another rule checks. */
function keyOf(operation: OperationView): { readonly required: boolean } | undefined {
  return isSafe(operation.method) ? undefined : plumbingHeader(operation, 'Idempotency-Key');
}

function* undeclared(operation: OperationView, answers: readonly Answer[]): Generator<Finding> {
  const { label, responses } = operation;
  const missing = new Set<number>();
  const lacking = new Map<ResponseView, string[]>();
  for (const { code, status } of answers) {
    const declared = responseTo(operation, status);
    if (declared === undefined) missing.add(status);
    else if (!allows(operation, declared, code)) lacking.set(declared, [...(lacking.get(declared) ?? []), code]);
  }
  if (missing.size > 0) {
    const statuses = listed([...missing].toSorted((left, right) => left - right));
    yield {
      message: `${label} does not declare ${statuses}, with which the plumbing may answer`,
      loc: (operation.cursor.get('responses') ?? operation.cursor).loc,
      fix:
        operation.method === 'head'
          ? `declare ${OTHERS}, or each of these statuses`
          : `declare ${OTHERS} with ${PROBLEM}, or each of these statuses`,
    };
  }
  for (const response of responses) {
    const codes = lacking.get(response);
    if (codes === undefined) continue;
    const names = listed(codes.toSorted());
    const problem = response.cursor.at('content', PROBLEM);
    // another rule refuses it
    if (response.status === OTHERS && !problem) continue;
    yield problem
      ? {
          message: `${label} does not allow ${names} as the code of its response ${response.status}`,
          loc: placeOf(response.cursor),
          fix: `add ${names} to the codes of the problem`,
        }
      : {
          message: `${label} declares ${response.status} without ${PROBLEM}, with which the plumbing answers ${names}`,
          loc: placeOf(response.cursor),
          fix: `declare the content ${PROBLEM}`,
        };
  }
}

function responseTo({ responses }: OperationView, status: number): ResponseView | undefined {
  return (
    responses.find((response) => response.status === String(status)) ??
    responses.find((response) => response.status === OTHERS)
  );
}

/** Answers to HEAD have no content (RFC 9110, section 9.3.2), so the status is everything. */
function allows({ method }: OperationView, { cursor }: ResponseView, code: string): boolean {
  if (method === 'head') return true;
  const problem = cursor.at('content', PROBLEM);
  if (problem === undefined) return false;
  const codes = problemCodes(problem.get('schema'));
  return codes.length === 0 || codes.includes(code);
}

/**
 * The headers of listed responses. Those of `default` differ from status to status, so it does not have to list any.
 */
function* withoutHeaders(operation: OperationView, answers: readonly Answer[]): Generator<Finding> {
  const replays = keyOf(operation) !== undefined;
  for (const response of operation.responses) {
    const own = answers.filter(
      ({ status, code }) => String(status) === response.status && allows(operation, response, code),
    );
    const headers: readonly Header[] = own.flatMap(({ header }) => (header === undefined ? [] : [HEADERS[header]]));
    const all = replays && isStored(response) ? [...headers, REPLAYED] : headers;
    for (const { name, type } of new Set(all))
      if (!declares(response.cursor, name))
        yield {
          message: `a response ${response.status} does not declare the header ${name}, with which the plumbing sends it`,
          loc: response.cursor.loc,
          fix: `add headers: { ${name}: { schema: { type: ${type} } } }`,
        };
  }
}

/** Required headers that the plumbing sends, but not with each answer that the response stands for. */
function* withHeadersOfOthers({ responses }: OperationView): Generator<Finding> {
  for (const { status, cursor } of responses)
    for (const [name, header] of cursor.get('headers')?.entries() ?? []) {
      if (header.get('required')?.boolean() !== true) continue;
      const isReplayed = name.toLowerCase() === REPLAYED.name.toLowerCase();
      const codes = problemCodes(cursor.at('content', PROBLEM)?.get('schema'));
      const own = codes.filter((code) => PLUMBING_PROBLEMS.get(code)?.header === name.toLowerCase());
      if (!isReplayed && (own.length === 0 || own.length === codes.length)) continue;
      yield {
        message: `a response ${status} requires the header ${name}, which the plumbing sends only ${isReplayed ? 'if a key is used again' : `with ${listed(own)}`}`,
        loc: header.get('required')?.loc ?? header.loc,
        fix: 'remove required: true',
      };
    }
}

/** Headers of answers, with names as specs write them. */
interface Header {
  readonly name: string;
  readonly type: 'integer' | 'string';
}

const HEADERS: Readonly<Record<NonNullable<PlumbingProblem['header']>, Header>> = {
  'retry-after': { name: 'Retry-After', type: 'integer' },
  'www-authenticate': { name: 'WWW-Authenticate', type: 'string' },
};

const REPLAYED: Header = { name: 'Idempotency-Replayed', type: 'string' };

/** Whether a handler may answer with it, and a repeated key gets it again. */
function isStored({ status, cursor }: ResponseView): boolean {
  if (!/^[2-4]\d\d$/.test(status) || status === '401' || status === '403') return false;
  const problem = cursor.at('content', PROBLEM);
  const codes = problem === undefined ? [] : problemCodes(problem.get('schema'));
  return codes.length === 0 || handlerCodes(Number(status), codes).length > 0;
}

function* withoutNotModified({ method, responses, label }: OperationView): Generator<Finding> {
  const success = responses.find(({ status }) => status === '200');
  if (!isSafe(method) || !success || !declares(success.cursor, 'ETag')) return;
  if (responses.some(({ status }) => status === '304')) return;
  yield {
    message: `${label} gives an ETag, but does not declare 304, with which the plumbing answers If-None-Match`,
    loc: placeOf(success.cursor),
    fix: 'add response 304 with the header ETag and without content',
  };
}

function declares(response: Cursor, header: string): boolean {
  return (response.get('headers')?.entries() ?? []).some(([name]) => name.toLowerCase() === header.toLowerCase());
}

function placeOf(response: Cursor): Finding['loc'] {
  return response.via?.loc ?? response.loc;
}

function listed(items: readonly (string | number)[]): string {
  return items.length === 1 ? `${items[0]}` : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
