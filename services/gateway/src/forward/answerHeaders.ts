type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Fields that belong to one connection (RFC 9110, section 7.6.1), or say which software answers. */
const DROPPED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'server',
  'x-powered-by',
]);

/** The headers of an answer that the client gets: those of the service over `own`. */
export function answerHeaders(
  received: Headers,
  own: Readonly<Record<string, string>>,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { ...own };
  const named = received['connection'];
  const hops =
    named === undefined
      ? undefined
      : String(named)
          .toLowerCase()
          .split(',')
          .map((name) => name.trim());
  for (const name in received) {
    const value = received[name];
    if (value !== undefined && !DROPPED.has(name) && hops?.includes(name) !== true) headers[name] = value;
  }
  return { ...headers, ...bothVary(own['vary'], received['vary']) };
}

/** Two reasons why an answer differs from caller to caller are both true. */
export function bothVary(own: unknown, received: unknown): { readonly vary?: string } {
  return own === undefined || received === undefined ? {} : { vary: `${String(own)}, ${String(received)}` };
}
