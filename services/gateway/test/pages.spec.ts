import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayEnv } from '../src/env.ts';
import { scene, type Scene } from './scene.ts';
import { json } from './upstreamServer.ts';
import { Visitor, type Seen, type Visit } from './visitor.ts';

/**
 * Tests what people see if the login server does not answer, and what programs get. Other tests need a login server.
 */

const PUBLIC = 'https://theatre.example.org';
const LOGIN = {
  GATEWAY_PUBLIC_URL: PUBLIC,
  GATEWAY_LOGIN_CLIENT_ID: 'theatre-gateway',
  GATEWAY_LOGIN_CLIENT_SECRET: 'secret',
  GATEWAY_LOGIN_DISCOVERY_URL: 'http://127.0.0.1:9/.well-known/openid-configuration',
  GATEWAY_SESSION_KEYS: randomBytes(32).toString('base64'),
};

let here: Scene;
let plain: Scene;
beforeAll(async () => {
  [here, plain] = await Promise.all([scene({ env: LOGIN }), scene()]);
});
afterAll(() => Promise.all([here.stop(), plain.stop()]));

/** What a new visitor sees. */
const see = (path: string, visit?: Visit) => new Visitor().go(here.gateway.url + path, visit);
const textOf = ({ headers, body, text }: Seen) => {
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).not.toMatch(/<script|style=|src=/);
  return text;
};
const problemOf = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return answer.json();
};

describe('a person without a token', () => {
  it.each(['GET', 'HEAD'] as const)('is sent to log in and then back, for %s', async (method) => {
    const answer = await see('/v1/tickets/7?seat=a%20b', { method });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`${PUBLIC}/login?returnTo=%2Fv1%2Ftickets%2F7%3Fseat%3Da%2520b`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('vary')).toBe('accept, cookie, sec-fetch-mode');
    expect(here.tickets.got).toEqual([]);
  });

  it('reads that nobody can log in here if that is not configured', async () => {
    const answer = await new Visitor().go(`${plain.gateway.url}/v1/tickets/7`);
    expect(answer.status).toBe(401);
    expect(textOf(answer)).toContain('You are not logged in');
    expect((await plain.ask('/login')).status).toBe(404);
  });

  it('reads that the login server does not answer', async () => {
    const answer = await see('/login?returnTo=/v1/tickets/7');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(textOf(answer)).toContain('The login server does not answer as it should. Try again in a moment.');
    expect(here.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  it.each([
    '',
    '?state=x&code=y',
    `?state=${'a'.repeat(43)}&code=y`,
    '?error=access_denied',
    '?state=%00&code=<script>',
  ])('reads that a callback of %j is not for this browser', async (query) => {
    const answer = await see(`/login/callback${query}`);
    expect(answer.status).toBe(400);
    expect(textOf(answer)).toContain('This log-in was not begun in this browser');
  });

  it('sees a public page without logging in', async () => {
    expect((await see('/v1/programme')).status).toBe(200);
  });
});

describe('a program without a token', () => {
  it.each<[string, string, RequestInit]>([
    ['asks for anything', '/v1/tickets/7', {}],
    ['asks for JSON', '/v1/tickets/7', { headers: { accept: 'application/json' } }],
    ['is a script of a page', '/v1/tickets/7', { headers: { accept: 'text/html' } }],
    ['has made up a cookie', '/v1/tickets/7', { headers: { cookie: '__Host-atlas-session=1.eyJhbGciOiJkaXIifQ.x' } }],
    ['sends a command', '/v1/tickets', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }],
  ])('gets a problem if it %s', async (_what, path, init) => {
    const answer = await here.ask(path, init);
    expect(answer.status).toBe(401);
    expect(await problemOf(answer)).toMatchObject({ code: 'unauthenticated' });
  });

  it.each([undefined, '*/*', 'application/json'])('that accepts %s reads at / where it can begin', async (accept) => {
    const answer = await here.ask('/', accept === undefined ? {} : { headers: { accept } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await answer.json()).toEqual({ docs: '/docs/', openapi: '/openapi.json' });
    for (const path of ['/docs/', '/openapi.json']) {
      expect(answer.headers.get('link')).toContain(`<${path}>`);
      expect((await here.ask(path)).status).toBe(200);
    }
  });
});

describe('a person', () => {
  const seen = async (path: string, roles: readonly string[] = ['clerk']) => {
    const authorization = await here.bearer('kim', roles);
    const answer = await see(path, { headers: { accept: 'text/html', authorization } });
    return { answer, text: textOf(answer) };
  };

  it('reads which role a page needs', async () => {
    const { answer, text } = await seen('/v1/tickets/7', ['guest']);
    expect(answer.status).toBe(403);
    expect(text).toMatch(
      /You may not see this page.*clerk.*manager.*Ask the administrator of your users for one of them/s,
    );
    expect(text).toContain(answer.headers.get('x-correlation-id'));
  });

  it('reads that there is no such page, without it being markup', async () => {
    const { answer, text } = await seen('/v1/%3Cb%3E<b>');
    expect(answer.status).toBe(404);
    expect(text).toContain('There is no such page');
  });

  it('reads what a service has to say, with the headers of its problem', async () => {
    const problem = { status: 404, code: 'ticket-not-found', title: 'Ticket not found', detail: 'ticket <7> is gone' };
    here.tickets.answer = (_got, response) =>
      json(response, 404, problem, { 'content-type': 'application/problem+json', 'x-desk': 'north' });
    const { answer, text } = await seen('/v1/tickets/7');
    expect([answer.status, answer.headers.get('x-desk')]).toEqual([404, 'north']);
    expect(text).toMatch(/Ticket not found.*Ticket &lt;7&gt; is gone\./s);
    const program = await here.ask('/v1/tickets/7', { headers: { authorization: await here.bearer('kim') } });
    expect(await program.json()).toEqual(problem);
  });

  it('reads which parts of the address are wrong, and why', async () => {
    const errors = [
      { pointer: '/query/day', detail: 'must be a <date>' },
      { pointer: '/path/ticketId', detail: 'must be a number' },
      { pointer: '/body/seats/0', detail: 'is taken' },
      'anything else',
    ];
    const problem = {
      status: 400,
      code: 'validation-failed',
      title: 'Validation failed',
      detail: 'see errors',
      errors,
    };
    here.tickets.answer = (_got, response) =>
      json(response, 400, problem, { 'content-type': 'application/problem+json' });
    const { answer, text } = await seen('/v1/tickets/7');
    expect(answer.status).toBe(400);
    expect(text).toMatch(
      /address is wrong.*day.* must be a &lt;date&gt;.*ticketId.* must be a number.*\/body\/seats\/0.* is taken/s,
    );
  });

  it('reads that a service does not answer', async () => {
    here.tickets.answer = (_got, response) => response.destroy();
    const { answer, text } = await seen('/v1/tickets/7');
    expect(answer.status).toBe(503);
    expect(text).toMatch(/This page is unavailable at the moment.*Try again in a moment/s);
  });

  it('sees the first page, with a way to log in', async () => {
    const { answer, text } = await seen('/');
    expect(answer.status).toBe(200);
    expect(text).toMatch(/Log in.*Reports.*No service has pages.*API reference/s);
  });

  it('is logged out only by a page of this gateway', async () => {
    const logout = async (headers: Readonly<Record<string, string>>) =>
      (await here.ask('/logout', { method: 'POST', headers })).status;
    expect(await logout({ 'sec-fetch-site': 'same-origin', origin: 'null' })).toBe(303);
    expect(await logout({ origin: PUBLIC })).toBe(303);
    expect(await logout({ origin: 'https://evil.example' })).toBe(400);
    expect(await logout({ 'sec-fetch-site': 'same-site', origin: PUBLIC })).toBe(400);
    expect(await logout({ 'sec-fetch-site': 'cross-site' })).toBe(400);
    expect(await logout({})).toBe(400);
    expect((await here.ask('/logout')).status).toBe(405);
  });
});

describe('logins', () => {
  it('are limited by address', async () => {
    const small = await scene({
      env: { ...LOGIN, GATEWAY_LIMIT_ANONYMOUS: '5', GATEWAY_LIMIT_WINDOW_SECONDS: '3600' },
    });
    const paths = ['/login', '/login/callback', '/v1/tickets/7', '/', '/login', '/login'];
    const answers = [];
    for (const path of paths) answers.push(await new Visitor().go(small.gateway.url + path));
    expect(answers.map(({ status }) => status)).toEqual([503, 400, 302, 200, 503, 429]);
    expect(answers.at(-1)?.text).toContain('Too many requests');
    await small.stop();
  });

  it.each([
    ['GATEWAY_PUBLIC_URL', '', 'GATEWAY_PUBLIC_URL is not set'],
    ['GATEWAY_PUBLIC_URL', 'https://erp.example.org/base', 'GATEWAY_PUBLIC_URL is not an origin'],
    ['GATEWAY_LOGIN_CLIENT_SECRET', '', 'GATEWAY_LOGIN_CLIENT_SECRET is not set'],
    ['GATEWAY_LOGIN_DISCOVERY_URL', 'https://login.example.org', 'GATEWAY_LOGIN_DISCOVERY_URL'],
    ['GATEWAY_SESSION_KEYS', '', 'GATEWAY_SESSION_KEYS is not set'],
    ['GATEWAY_SESSION_KEYS', 'c2hvcnQ=', 'GATEWAY_SESSION_KEYS is not the base64 of 32 bytes'],
    ['GATEWAY_SESSION_IDLE_MINUTES', '0', 'GATEWAY_SESSION_IDLE_MINUTES'],
  ])('are not offered with %s=%j, and the start says why', (name, value, why) => {
    const auth = { AUTH_JWKS_FILE: 'keys.json', AUTH_ISSUER: 'issuer', SHOWS_URL: 'http://x' };
    expect(() => gatewayEnv({ ...auth, ...LOGIN, [name]: value }, ['shows'])).toThrow(why);
  });
});
