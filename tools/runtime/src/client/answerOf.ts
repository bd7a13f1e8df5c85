import { AtlasError } from '../contract/atlasError.ts';
import type { Json } from '../contract/operation.ts';
import { RESPONSE_HEADER, RETRY_AFTER } from '../http/headerNames.ts';
import { toPrimitive } from '../http/params/value.ts';
import { PLUMBING_PROBLEMS, type PlumbingCode } from '../http/plumbingProblems.ts';
import type { CallContract } from './requestOf.ts';

/** An answer, whatever its operation; `Answer` narrows it. */
export interface AnyAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly problem?: { readonly code: string };
  readonly etag?: string;
  readonly atlasVersion?: string;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  /** Seconds. */
  readonly retryAfter?: number;
}

/**
 * Turns a response that was read to its end into an answer of the contract. Undefined if the contract has no such
 * answer. `accept` is the media type of text that was asked for.
 */
export function answerOf(
  operation: CallContract,
  response: Response,
  text: string,
  accept?: string,
): AnyAnswer | undefined {
  const { status, headers } = response;
  const mediaType = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (operation.method === 'HEAD' || operation.empty?.includes(status))
    return { status, ...successHeaders(operation, response) };
  if (status === 200 && accept !== undefined)
    return mediaType === accept ? { status, body: text, ...successHeaders(operation, response) } : undefined;
  if (operation.json?.includes(status)) {
    const parsed = /^application\/(\S+\+)?json$/.test(mediaType) ? parse(text) : undefined;
    return parsed && { status, body: parsed.value, ...successHeaders(operation, response) };
  }
  const problem = mediaType === PROBLEM ? problemIn(parse(text)?.value) : undefined;
  if (!problem || !(operation.problems?.includes(status) || kindOf(problem.code)?.status === status)) return undefined;
  const retryAfter = secondsOf(headers);
  return {
    status,
    problem,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...ownHeaders(operation, response),
  };
}

const PROBLEM = 'application/problem+json';

/** Whether the service says that the same request may succeed a moment later. */
export function asksAgain({ status, problem }: AnyAnswer): boolean {
  const kind = problem && kindOf(problem.code);
  return kind?.status === status && 'header' in kind && kind.header === RETRY_AFTER;
}

function kindOf(code: string): (typeof PLUMBING_PROBLEMS)[PlumbingCode] | undefined {
  return isPlumbingCode(code) ? PLUMBING_PROBLEMS[code] : undefined;
}

function isPlumbingCode(code: string): code is PlumbingCode {
  return Object.hasOwn(PLUMBING_PROBLEMS, code);
}

function successHeaders(operation: CallContract, response: Response): Partial<AnyAnswer> {
  const etag = response.headers.get(RESPONSE_HEADER.etag);
  const atlasVersion = response.headers.get(RESPONSE_HEADER.atlasVersion);
  return {
    ...(etag === null ? {} : { etag }),
    ...(atlasVersion === null ? {} : { atlasVersion }),
    ...ownHeaders(operation, response),
  };
}

function ownHeaders(operation: CallContract, { status, headers }: Response): Pick<AnyAnswer, 'headers'> {
  const declared = operation.headers?.[status];
  if (!declared) return {};
  const entries = Object.entries(declared).flatMap(([name, kind]) => {
    const text = headers.get(name);
    return text === null ? [] : [[name, toPrimitive(kind, text)] as const];
  });
  return { headers: Object.fromEntries(entries) };
}

/** `Retry-After` (RFC 9110, section 10.2.3) if it is a number of seconds. */
export function secondsOf(headers: Headers): number | undefined {
  const text = headers.get(RETRY_AFTER) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function parse(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined; // the caller says that the answer is not in the contract
  }
}

function problemIn(value: Json | undefined): { readonly code: string } | undefined {
  if (typeof value !== 'object' || value === null || !('code' in value)) return undefined;
  const { code } = value;
  return typeof code === 'string' ? { ...value, code } : undefined;
}

type Success<Given> = Exclude<Given, { readonly problem: unknown }>;

/**
 * Returns an answer that must not be a problem. If it is one, throws `AtlasError` ATLAS_CLIENT_PROBLEM with the problem
 * as `detail`.
 */
export function succeeded<Given extends { readonly status: number }>(answer: Given): Success<Given> {
  if (isSuccess(answer)) return answer;
  const detail = 'problem' in answer ? answer.problem : undefined;
  throw new AtlasError('ATLAS_CLIENT_PROBLEM', `the answer is ${answer.status} ${JSON.stringify(detail)}`, { detail });
}

function isSuccess<Given extends object>(answer: Given): answer is Success<Given> {
  return !('problem' in answer);
}
