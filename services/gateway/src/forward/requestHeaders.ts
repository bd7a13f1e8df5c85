import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal, traceparentOf } from '@atlas/runtime/gateway';
import type { GatewayRoute } from '@atlas/runtime';

/**
 * The headers that a service gets besides those that its operation declares. All others are dropped: hop-by-hop headers
 * (RFC 9110, section 7.6.1), and headers with which a client could pose as somebody else, such as `X-Forwarded-For` and
 * `ce_actorid`.
 */
const PASSED = [
  'accept',
  'accept-language',
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'if-match',
  'if-none-match',
  'idempotency-key',
  'user-agent',
] as const;

/** The headers of a signed body (Standard Webhooks). */
const SIGNATURE = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/** The headers that the gateway writes itself. An operation cannot declare them. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-correlation-id',
]);

/** The caller, as the service sees it. */
export interface Caller {
  readonly address: string;
  readonly protocol: string;
  readonly host: string;
  readonly correlationId: string;
}

/** Names of headers that are passed on for a route. */
export function passedHeaders({ headers = [], isSigned, body }: GatewayRoute): readonly string[] {
  const declared = headers.filter((name) => !OWN.has(name) && !/^(x-forwarded-|ce[_-])/.test(name));
  const names = [...PASSED, ...(isSigned === true ? SIGNATURE : []), ...declared];
  return [...new Set(names)].filter((name) => body !== undefined || !name.startsWith('content-'));
}

/** The values of Connection that almost every request has. */
const COMMON: ReadonlySet<string | undefined> = new Set([undefined, 'keep-alive', 'close']);

/**
 * Refuses a request whose Connection names a header that is passed on. A sender must not do that: it would make the
 * gateway remove a header that it has just checked (RFC 9110, section 7.6.1).
 */
function refuseNamed(connection: string | undefined, passed: readonly string[]): void {
  if (COMMON.has(connection)) return;
  const named = (connection ?? '').toLowerCase().split(',');
  if (named.some((name) => passed.includes(name.trim())))
    throw new Refusal({ code: 'malformed-request', detail: 'Connection names a header that is not of a connection' });
}

/** The headers of the request to the service. Throws `Refusal` 400 if Connection names one of them. */
export function requestHeaders(
  received: IncomingHttpHeaders,
  passed: readonly string[],
  { address, protocol, host, correlationId }: Caller,
): Record<string, string | string[]> {
  refuseNamed(received.connection, passed);
  const headers: Record<string, string | string[]> = {
    'x-correlation-id': correlationId,
    'x-forwarded-for': address,
    'x-forwarded-proto': protocol,
    'x-forwarded-host': host,
    via: '1.1 atlas-gateway',
  };
  for (const name of passed) {
    const value = received[name];
    if (value !== undefined) headers[name] = value;
  }
  const trace = traceparentOf(received['traceparent']);
  headers['traceparent'] = trace ?? newTraceparent();
  const state = received['tracestate'];
  if (trace !== null && state !== undefined) headers['tracestate'] = state;
  return headers;
}

/** A new trace, which is not sampled, because nobody has asked for that (W3C Trace Context, section 3.2). */
function newTraceparent(): string {
  // Node makes random bytes for many UUIDs at once
  const [trace, parent] = [randomUUID(), randomUUID()].map((uuid) => uuid.replaceAll('-', ''));
  return `00-${trace}-${parent?.slice(16)}-00`;
}
