import { randomUUID } from 'node:crypto';

const CORRELATION = /^[A-Za-z0-9-]{1,64}$/;

/** The correlation id of a request: its `X-Correlation-Id` if that is well-formed, else a new one. */
export function correlationIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && CORRELATION.test(header) ? header : randomUUID();
}
