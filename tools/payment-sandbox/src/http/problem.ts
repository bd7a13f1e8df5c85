import type { FastifyReply } from 'fastify';

/** The statuses of the problem codes of the document. */
const STATUSES = {
  'invalid-request': 400,
  unauthorized: 401,
  'not-found': 404,
  'payment-intent-not-found': 404,
  'refund-not-found': 404,
  'payment-intent-succeeded': 409,
  'payment-intent-not-captured': 409,
  'amount-exceeds-captured': 409,
  'currency-mismatch': 409,
  'request-in-flight': 409,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-reused': 422,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof STATUSES;

/** An answer, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A problem (RFC 9457). */
export function problem(code: ProblemCode, detail?: string): Answer {
  const status = STATUSES[code];
  const title = code.replaceAll('-', ' ');
  return {
    status,
    body: {
      type: `https://docs.payments.example.com/problems/${code}`,
      title: title.slice(0, 1).toUpperCase() + title.slice(1),
      status,
      code,
      ...(detail === undefined ? {} : { detail: detail.slice(0, 4_000) }),
    },
    ...(code === 'unavailable' || code === 'request-in-flight' ? { headers: { 'retry-after': '1' } } : {}),
  };
}

export function send(reply: FastifyReply, { status, body, headers = {} }: Answer): FastifyReply {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  return reply.code(status).headers(headers).type(type).send(JSON.stringify(body));
}
