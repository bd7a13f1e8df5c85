import { randomUUID } from 'node:crypto';

const CORRELATION = /^[A-Za-z0-9-]{1,64}$/;
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** `X-Correlation-Id` where it is fit to be repeated in logs and headers, else a new one. */
export function correlationIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && CORRELATION.test(header) ? header : randomUUID();
}

/** `traceparent` (W3C Trace Context, section 3.2) where it is one. */
export function traceparentOf(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : null;
}
