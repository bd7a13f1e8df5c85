import { randomUUID } from 'node:crypto';

const CORRELATION = /^[A-Za-z0-9-]{1,64}$/;

/** `X-Correlation-Id` where it is fit to be repeated in logs and headers, else a new one. */
export function correlationIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && CORRELATION.test(header) ? header : randomUUID();
}
