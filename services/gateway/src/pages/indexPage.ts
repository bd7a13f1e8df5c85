import type { GatewayContract } from '@atlas/runtime';
import type { Reply } from '@atlas/runtime/gateway';
import { html, type Html } from '@atlas/runtime/html';
import { page } from './page.ts';

/** A page of a service that can be visited without knowing an id. */
export interface PageLink {
  readonly path: string;
  readonly title: string;
  /** Alternatives of roles, one of which is needed. */
  readonly needs: readonly (readonly string[])[];
}

/** The pages of a contract: reads that answer with text/html, and need no parameters. */
export function pageLinksOf({ routes, document }: Pick<GatewayContract, 'routes' | 'document'>): readonly PageLink[] {
  return routes.flatMap(({ method, path, operationId, security }) => {
    const operation = at(document, 'paths', path, method.toLowerCase());
    if (
      method !== 'GET' ||
      path.includes('{') ||
      at(operation, 'responses', '200', 'content', 'text/html') === undefined
    )
      return [];
    if (needsParameter(at(operation, 'parameters'), document)) return [];
    const summary = at(operation, 'summary');
    const title = typeof summary === 'string' ? summary.replace(/\.$/, '') : operationId;
    return [{ path, title, needs: security.map(({ roles }) => roles) }];
  });
}

function needsParameter(parameters: unknown, document: unknown): boolean {
  if (!Array.isArray(parameters)) return false;
  return parameters.some((parameter: unknown) => {
    const reference = at(parameter, '$ref');
    const found = typeof reference === 'string' ? at(document, ...reference.replace(/^#\//, '').split('/')) : parameter;
    return at(found, 'required') === true;
  });
}

/** The value at a path of keys, or undefined. */
function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

export interface IndexOptions {
  readonly links: readonly PageLink[];
  /** Absent if nobody is logged in. */
  readonly person: string | undefined;
  /** The roles of the person. All pages are links if they are unknown. */
  readonly held: readonly string[] | undefined;
  /** Absent if nobody can log in here. */
  readonly loginUrl: string | undefined;
  /** The origin of the login server, to which the form for logging out leads. */
  readonly issuerOrigin: string | undefined;
}

const VARY = 'accept, cookie, sec-fetch-mode';
const DOCS = '/docs/';
const DOCUMENT = '/openapi.json';

/** What a program gets instead of the first page: where it begins, also as links (RFC 8631). */
export function indexForPrograms(): Reply {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      vary: VARY,
      link: `<${DOCS}>; rel="service-doc", <${DOCUMENT}>; rel="service-desc"`,
    },
    body: `${JSON.stringify({ docs: DOCS, openapi: DOCUMENT })}\n`,
  };
}

/** The first page, which lists the other pages: those that the person may not see without a link. */
export function indexPage({ links, person, held, loginUrl, issuerOrigin }: IndexOptions): Reply {
  const open = links.filter(({ needs }) => isOpenTo(needs, held));
  const others = links.filter(({ needs }) => !isOpenTo(needs, held));
  return page({
    status: 200,
    title: 'All pages',
    headers: { vary: VARY },
    formTo: issuerOrigin,
    content: html`${standing(person, loginUrl)}
      <h2>Reports</h2>
      ${
        open.length === 0
          ? html`<p>${links.length === 0 ? 'No service has pages.' : 'Your roles do not allow any report.'}</p>`
          : html`<ul>
              ${open.map(({ path, title, needs }) => html`<li><a href="${path}">${title}</a>${roles(needs)}</li> `)}
            </ul>`
      }
      ${
        others.length === 0
          ? undefined
          : html`<h2>Reports that need other roles</h2>
              <ul>
                ${others.map(({ title, needs }) => html`<li>${title}${roles(needs)}</li> `)}
              </ul>`
      }
      <h2>For programs</h2>
      <ul>
        <li><a href="${DOCS}">API reference</a></li>
        <li><a href="${DOCUMENT}">OpenAPI document</a></li>
      </ul>`,
  });
}

/** Whether somebody has all roles of an alternative, or it is unknown which roles they have. */
function isOpenTo(needs: PageLink['needs'], held: readonly string[] | undefined): boolean {
  return held === undefined || needs.length === 0 || needs.some((set) => set.every((role) => held.includes(role)));
}

function standing(person: string | undefined, loginUrl: string | undefined): Html | undefined {
  if (person !== undefined)
    return html`<form method="post" action="/logout">
      <p>You are logged in as ${person}. <button>Log out</button></p>
    </form>`;
  return loginUrl === undefined ? undefined : html`<p><a class="main" href="${loginUrl}">Log in</a></p>`;
}

const OR = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** `for ops, finance or admin`; with a comma before each `or` if one of them is several roles together. */
function roles(needs: readonly (readonly string[])[]): Html | undefined {
  const names = needs.map((set) => set.join(' and ')).filter((name) => name !== '');
  if (names.length === 0) return undefined;
  const text = needs.some(({ length }) => length > 1) ? names.join(', or ') : OR.format(names);
  return html` <span class="small">for ${text}</span>`;
}
