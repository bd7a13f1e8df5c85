import { request } from 'undici';

/** The headers of a browser when somebody goes to a page. Node's fetch always says that a script asks. */
const PAGE = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'none',
};

export interface Seen {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** The text of a page, without its markup. */
  readonly text: string;
}

export interface Visit {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** Replaces the headers of a browser that goes to a page. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A browser without a screen. It keeps cookies by origin. */
export class Visitor {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** The cookies that it has of an origin, by name. */
  cookies(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const found = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, found);
    return found;
  }

  async go(url: string, { method = 'GET', headers = PAGE, body }: Visit = {}): Promise<Seen> {
    const jar = this.cookies(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await request(url, {
      method,
      // a server may close an idle connection at the moment when it is used again
      reset: true,
      headers: { ...headers, ...(cookie === '' ? {} : { cookie }) },
      ...(body === undefined ? {} : { body }),
    });
    const received = new Headers();
    for (const [name, value] of Object.entries(answer.headers))
      for (const one of typeof value === 'object' ? value : [value ?? '']) received.append(name, one);
    for (const set of received.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(set) ?? [];
      if (/max-age=0/i.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    const text = await answer.body.text();
    return { url, status: answer.statusCode, headers: received, body: text, text: visibleOf(text) };
  }

  /** Follows at most 10 redirects. */
  async follow(url: string): Promise<Seen> {
    let next = url;
    for (let steps = 0; steps < 10; steps++) {
      const seen = await this.go(next);
      const location = locationOf(seen);
      if (location === undefined) return seen;
      next = location;
    }
    throw new Error(`too many redirects, the last one to ${next}`);
  }

  /** Sends the form of Keycloak's page for a name and a password. Resolves to the answer. */
  async submit(form: Seen, fields: Readonly<Record<string, string>>): Promise<Seen> {
    const action = /action="([^"]+)"/.exec(form.body)?.[1]?.replaceAll('&amp;', '&');
    if (action === undefined) throw new Error(`there is no form: ${form.status} ${form.text}`);
    return this.go(action, {
      method: 'POST',
      headers: { ...PAGE, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  }
}

/** The target of an answer's redirect, as an absolute address. */
export function locationOf({ url, headers }: Seen): string | undefined {
  const location = headers.get('location');
  return location === null ? undefined : new URL(location, url).href;
}

function visibleOf(page: string): string {
  return page.replaceAll(/<style>.*?<\/style>/gs, '').replaceAll(/<[^>]*>/g, ' ');
}
