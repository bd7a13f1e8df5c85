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
  // only the gateway itself may set cookies
  'set-cookie',
  'server',
  'x-powered-by',
]);

/** Headers of the gateway itself. */
export type Own = Readonly<Record<string, string | string[]>>;

/** The headers of the client's answer: `own`, which the service's headers may replace. */
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

/** Merges values of the header Vary, because all of these reasons apply. */
export function varyOf(...values: readonly unknown[]): { readonly vary?: string } {
  const names = values.flatMap((value) => (value === undefined ? [] : String(value).split(/, */)));
  return names.length === 0 ? {} : { vary: [...new Set(names)].join(', ') };
}
