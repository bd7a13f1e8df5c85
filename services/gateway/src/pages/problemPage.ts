import type { IncomingMessage } from 'node:http';
import type { GatewayRoute } from '@atlas/runtime';
import type { Reply } from '@atlas/runtime/gateway';
import { html, type Html } from '@atlas/runtime/html';
import { isForPerson } from '../login/navigation.ts';
import { page } from './page.ts';

/** What a page can say besides the problem itself. */
export interface Hints {
  /** Alternatives of roles, none of which the caller has. */
  readonly security?: GatewayRoute['security'];
  /** The address at which the person can log in. */
  readonly loginUrl?: string | undefined;
}

interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly correlationId: string | undefined;
  /** What is wrong in the request, and where, as a JSON Pointer. */
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

/** Turns a problem into a page if a person asked for it in a browser. Programs get the problem itself. */
export function readable(request: Pick<IncomingMessage, 'headers'>, reply: Reply, hints: Hints = {}): Reply {
  if (!isForPerson(request) || !isProblem(reply.headers['content-type'])) return reply;
  const problem = problemOf(reply.body ?? '');
  if (problem === undefined) return reply;
  const { 'content-length': _, ...headers } = reply.headers;
  return page({
    status: reply.status,
    title: TITLES[problem.code] ?? problem.title,
    headers: { ...headers, vary: 'accept, sec-fetch-mode' },
    content: html`${explanation(problem, hints)}
      <ul>
        ${hints.loginUrl === undefined ? undefined : html`<li><a href="${hints.loginUrl}">Log in</a></li>`}
        <li><a href="/">All pages</a></li>
      </ul>
      <p class="small">If you ask somebody for help, tell them this number: <code>${problem.correlationId}</code></p>`,
  });
}

/** Whether a media type is that of a problem (RFC 9457, section 3). */
export function isProblem(type: string | readonly string[] = ''): boolean {
  return String(type).startsWith('application/problem+json');
}

const TITLES: Readonly<Partial<Record<string, string>>> = {
  'forbidden-role': 'You may not see this page',
  internal: 'Something went wrong here',
  'malformed-request': 'This request cannot be answered',
  'not-found-route': 'There is no such page',
  'rate-limited': 'Too many requests',
  unauthenticated: 'You are not logged in',
  unavailable: 'This page is unavailable at the moment',
  'validation-failed': 'Something in this address is wrong',
};

function explanation({ code, detail, errors }: Problem, { security = [] }: Hints): Html {
  if (code === 'forbidden-role' && security.length > 0)
    return html`<p>You are logged in, but you do not have the role that this page needs:</p>
      <ul>
        ${security.map(({ roles }) => html`<li>${roles.join(' and ')}</li>`)}
      </ul>
      <p>Ask the administrator of your users for ${security.length > 1 ? 'one of them' : 'it'}.</p>`;
  if (code === 'unavailable' || code === 'rate-limited') return html`<p>${sentence(detail)} Try again in a moment.</p>`;
  if (errors.length > 0)
    return html`<ul>
      ${errors.map((error) => html`<li><strong>${nameOf(error.pointer)}</strong> ${error.detail}</li> `)}
    </ul>`;
  return html`<p>${sentence(detail)}</p>`;
}

/** The name of a parameter, such as `state` for `/query/state`; for a part of a body, its pointer. */
function nameOf(pointer: string): string {
  const [, name = pointer] = /^\/(?:query|path|header)\/([^/]+)$/.exec(pointer) ?? [];
  return name;
}

function sentence(text = ''): string {
  return text === '' ? '' : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function problemOf(body: string): Problem | undefined {
  let read: unknown;
  try {
    read = JSON.parse(body);
  } catch {
    // it is not a problem, so it passes unchanged
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(read, name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    code: text('code') ?? '',
    title: text('title') ?? 'This did not work',
    detail: text('detail'),
    correlationId: text('correlationId'),
    errors: errorsOf(Reflect.get(read, 'errors')),
  };
}

function errorsOf(value: unknown): Problem['errors'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((error: unknown) => {
    if (typeof error !== 'object' || error === null) return [];
    const pointer: unknown = Reflect.get(error, 'pointer');
    const detail: unknown = Reflect.get(error, 'detail');
    return typeof pointer === 'string' && typeof detail === 'string' ? [{ pointer, detail }] : [];
  });
}
