/** How text of a media type is sent. */
interface TextKind {
  /** Parameters of the media type, as they are sent. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Ends the entity tag, because a strong one belongs to one representation (RFC 9110, section 8.8.1). */
  readonly tag: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A page may show only its own content, and its forms may call only this host. It loads nothing, runs no script, and
 * can't be put into a frame. Its styles are inline; the first directive forbids everything that they could load. Its
 * icon is a data: URL, because a browser asks for /favicon.ico if a page has no icon.
 */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/**
 * The media types of text that a response may have in addition to JSON. The toolkit has the same list in `@atlas/ir`
 * (plumbing.ts), because neither side may import the other; a test compares the two.
 */
export const TEXT_MEDIA_TYPES = {
  /** RFC 4180, with the parameters of RFC 7111: the first line has the names of the columns. */
  'text/csv': { parameters: { charset: 'utf-8', header: 'present' }, tag: 'csv', headers: {} },
  'text/html': {
    parameters: { charset: 'utf-8' },
    tag: 'html',
    headers: {
      'content-security-policy': PAGE_POLICY,
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    },
  },
} as const satisfies Readonly<Record<string, TextKind>>;

export type TextMediaType = keyof typeof TEXT_MEDIA_TYPES;

/** The headers of a response with text of this media type. */
export function textHeaders(mediaType: TextMediaType): Readonly<Record<string, string>> {
  const { parameters, headers } = TEXT_MEDIA_TYPES[mediaType];
  const all = Object.entries(parameters).map(([name, value]) => `; ${name}=${value}`);
  return { ...headers, 'content-type': `${mediaType}${all.join('')}` };
}
