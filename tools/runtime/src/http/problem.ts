import type { ProblemError } from '../contract/handler.ts';
import type { Reply } from './reply.ts';

/** What a problem says beside what follows from its code and status. */
export interface ProblemInput {
  readonly code: string;
  readonly detail?: string | undefined;
  readonly errors?: readonly ProblemError[] | undefined;
}

/** An answer of `application/problem+json` (RFC 9457). */
export function problemReply(
  status: number,
  { code, detail, errors }: ProblemInput,
  correlationId: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
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

/** `booking-not-found` as `Booking not found`. */
function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** A request that the plumbing refuses: thrown anywhere on its way, answered as a problem. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: ProblemInput;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, problem: ProblemInput, headers: Readonly<Record<string, string>> = {}) {
    super(problem.detail ?? problem.code);
    this.name = 'Refusal';
    this.status = status;
    this.problem = problem;
    this.headers = headers;
  }
}

/** 400 `validation-failed`. */
export function invalid(errors: readonly ProblemError[]): Refusal {
  return new Refusal(400, {
    code: 'validation-failed',
    detail: 'the request does not fit the contract; errors say where',
    errors,
  });
}
