import { parseCookie, stringifySetCookie } from 'cookie';

/** Browsers refuse a cookie of more than 4,096 bytes with its name and attributes. */
const PIECE = 3_800;
/** More would not fit into the headers of a request, which Node limits to 16 KiB. */
const MAX_PIECES = 2;

/**
 * The gateway's cookies. Scripts can't read them, and browsers do not send them with requests from other sites, except
 * if somebody follows a link. If browsers use https, the prefix `__Host-` makes them refuse a cookie of the same name
 * that a neighbour or an http page sets (RFC 6265bis, section 4.1.3.2). A long value is cut into several cookies.
 */
export class Cookies {
  readonly #isSecure: boolean;

  constructor(publicUrl: string) {
    this.#isSecure = publicUrl.startsWith('https:');
  }

  /** The value of a cookie. Undefined if it is missing or incomplete. */
  read(header: string | undefined, name: string): string | undefined {
    if (header === undefined) return undefined;
    const cookies = parseCookie(header, { decode: (text) => text });
    const [, count, first = ''] = /^([1-9])\.(.*)$/s.exec(cookies[this.#nameOf(name, 0)] ?? '') ?? [];
    const pieces = [first];
    for (let index = 1; index < Number(count); index++) pieces.push(cookies[this.#nameOf(name, index)] ?? '');
    return count === undefined || pieces.includes('') ? undefined : pieces.join('');
  }

  /**
   * The values of Set-Cookie. Without `seconds` the cookie ends with the browser. Throws `RangeError` if the value is
   * too long.
   */
  write(name: string, value: string, seconds?: number): readonly string[] {
    const pieces = value.match(new RegExp(`.{1,${PIECE}}`, 'gs')) ?? [''];
    if (pieces.length > MAX_PIECES) throw new RangeError(`${name} has ${value.length} bytes`);
    return pieces.map((piece, index) =>
      this.#set(this.#nameOf(name, index), index === 0 ? `${pieces.length}.${piece}` : piece, seconds),
    );
  }

  /** The values of Set-Cookie that remove those cookies of the request whose names begin with `start`. */
  remove(header: string | undefined, start: string): readonly string[] {
    return this.names(header, start).map((name) => this.#set(name, '', 0));
  }

  /** The full names of a request's cookies that begin with `start`. */
  names(header: string | undefined, start: string): readonly string[] {
    return Object.keys(parseCookie(header ?? '')).filter((name) => name.startsWith(this.#nameOf(start, 0)));
  }

  #nameOf(name: string, index: number): string {
    return `${this.#isSecure ? '__Host-' : ''}atlas-${name}${index === 0 ? '' : `-${index}`}`;
  }

  #set(name: string, value: string, seconds: number | undefined): string {
    return stringifySetCookie(
      {
        name,
        value,
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: this.#isSecure,
        ...(seconds === undefined ? {} : { maxAge: seconds }),
      },
      { encode: (text) => text },
    );
  }
}
