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
  // only the gateway speaks to browsers by cookies
  'set-cookie',
  'server',
  'x-powered-by',
]);

/** Headers of the gateway itself. */
export type Own = Readonly<Record<string, string | string[]>>;

/** The headers of an answer that the client gets: those of the service over `own`. */
export function answerHeaders(received: Headers, own: Own): Record<string, string | string[]> {
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
  return { ...headers, ...varyOf(own['vary'], received['vary']) };
}

/** All reasons why an answer differs from one request to another are true. Each value is one of the header Vary. */
export function varyOf(...values: readonly unknown[]): { readonly vary?: string } {
  const names = values.flatMap((value) => (value === undefined ? [] : String(value).split(/, */)));
  return names.length === 0 ? {} : { vary: [...new Set(names)].join(', ') };
}
