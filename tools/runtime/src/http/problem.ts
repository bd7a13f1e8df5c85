import type { ProblemError } from '../contract/handler.ts';
import { RETRY_AFTER, WWW_AUTHENTICATE } from './headerNames.ts';
import { PLUMBING_PROBLEMS, type PlumbingCode } from './plumbingProblems.ts';
import { isObject } from '../typeGuards.ts';
import type { Reply } from './reply.ts';

/** The greatest lengths of a problem's texts, in UTF-16 units, as the schema Problem of a contract declares them. */
const MAX_DETAIL = 4_000;
const MAX_ERROR_TEXT = 1_000;

/** The parts of a problem that do not follow from its code and status. */
export interface ProblemInput {
  readonly code: string;
  readonly detail?: string | undefined;
  readonly errors?: readonly ProblemError[] | undefined;
}

/** A problem of the plumbing. Its status follows from its code. */
export interface PlumbingProblem extends ProblemInput {
  readonly code: PlumbingCode;
}

/** RFC 9457, section 3. */
const PROBLEM = 'application/problem+json';

type Headers = Readonly<Record<string, string>>;

/** A handler's problem as `application/problem+json` (RFC 9457). */
export function problemReply(
  status: number,
  { code, detail, errors }: ProblemInput,
  correlationId: string,
  headers: Headers = {},
): Reply {
  return {
    status,
    headers: { 'content-type': PROBLEM, ...headers },
    body: JSON.stringify({
      type: `urn:atlas:problem:${code}`,
      title: titleOf(code),
      status,
      code,
      detail,
      errors,
      correlationId,
    }),
  };
}

/** A problem of the plumbing as a reply. All replies that do not come from a handler are made here. */
export function plumbingReply(problem: PlumbingProblem, correlationId: string, headers: Headers = {}): Reply {
  const { code, detail, errors } = problem;
  const short = {
    code,
    detail: detail === undefined ? undefined : cut(detail, MAX_DETAIL),
    errors: errors?.map((error) => ({
      pointer: cut(error.pointer, MAX_ERROR_TEXT),
      detail: cut(error.detail, MAX_ERROR_TEXT),
    })),
  };
  return problemReply(PLUMBING_PROBLEMS[code].status, short, correlationId, { ...ownHeader(code), ...headers });
}

/** A stored problem as the answer to a later request: it gets the correlation id of that request. */
export function withCorrelationId(reply: Reply, correlationId: string): Reply {
  if (reply.body === undefined || reply.headers['content-type'] !== PROBLEM) return reply;
  const problem: unknown = JSON.parse(reply.body);
  return isObject(problem) ? { ...reply, body: JSON.stringify({ ...problem, correlationId }) } : reply;
}

/** The header that a problem with this code always has. */
function ownHeader(code: PlumbingCode): Headers {
  const kind = PLUMBING_PROBLEMS[code];
  if (!('header' in kind)) return {};
  if (kind.header === RETRY_AFTER) return { [RETRY_AFTER]: '1' };
  // without an error, because there may have been no token (RFC 6750, section 3.1)
  return { [WWW_AUTHENTICATE]: CHALLENGES[code] ?? 'Bearer' };
}

/** RFC 9110, section 11.6.1, demands a challenge with each 401. Signed requests have a scheme of their own. */
const CHALLENGES: Readonly<Partial<Record<PlumbingCode, string>>> = {
  'forbidden-role': 'Bearer error="insufficient_scope"',
  'webhook-signature-missing': 'Webhook',
  'webhook-signature-wrong': 'Webhook',
  'webhook-timestamp-stale': 'Webhook',
};

/** A problem may quote what the caller sent, which may have any length. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}\u2026`;
}

/** Turns `booking-not-found` into `Booking not found`. */
function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Says that the plumbing refuses a request. It may be thrown anywhere in the plumbing and becomes a problem. */
export class Refusal extends Error {
  readonly problem: PlumbingProblem;

  constructor(problem: PlumbingProblem) {
    super(problem.detail ?? problem.code);
    this.name = 'Refusal';
    this.problem = problem;
  }
}

/** 400 `validation-failed`. */
export function invalid(errors: readonly ProblemError[]): Refusal {
  return new Refusal({
    code: 'validation-failed',
    detail: 'the request does not fit the contract; errors say where',
    errors,
  });
}

/** 503 `busy`. */
export const BUSY: PlumbingProblem = {
  code: 'busy',
  detail: 'too many changes of the same thing at once, nothing was changed: send the request again',
};

/** 429 `rate-limited`, an answer of gateways. */
export const RATE_LIMITED: PlumbingProblem = {
  code: 'rate-limited',
  detail: 'too many requests: wait before the next one',
};
