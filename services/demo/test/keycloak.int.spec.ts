import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cloneDatabase,
  dropDatabase,
  ensureNotedRealm,
  KeycloakAdmin,
  type KeycloakInfo,
  login,
  mintToken,
  programsOf,
  type StackInfo,
  stackUp,
  startSystem,
  type System,
} from '@atlas/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Tests a service that gets its keys from a real Keycloak with the realm of specs/realm.yaml. */

const SERVICE = 'orders';
const DATABASE = 'orders_keycloak';
let stack: StackInfo;
let keycloak: KeycloakInfo;
let system: System;
/** The Admin REST API of the realm. */
let realm: string;

beforeAll(async () => {
  stack = await stackUp({ with: ['keycloak'] });
  if (stack.keycloak === undefined) throw new Error('the stack has no Keycloak');
  keycloak = stack.keycloak;
  realm = `/admin${new URL(keycloak.issuer).pathname}`;
  const database = await cloneDatabase(stack, SERVICE, DATABASE, { template: 'template1', replace: true });
  system = await startSystem(stack, {
    programs: programsOf().filter(({ name }) => name === SERVICE),
    namespace: 'keycloak.',
    databases: { [SERVICE]: database },
    issuer: 'keycloak',
  });
});
afterAll(async () => {
  await system?.stop();
  await dropDatabase(stack, DATABASE);
});

/** Logs in each time, because its token is valid for only a minute. */
const administrator = () => KeycloakAdmin.login(keycloak.url, keycloak.admin);

/** Resolves to the status and the code of the problem. */
async function ask(token: string, method: 'GET' | 'POST' = 'GET'): Promise<readonly [number, unknown]> {
  const path = method === 'GET' ? '/v1/orders/01932c07-2d8c-7000-8000-000000000001' : '/v1/orders';
  const answer = await fetch(system.process(SERVICE).url + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });
  const problem: unknown = await answer.json();
  return [answer.status, typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : ''];
}

const ACCEPTED = [404, 'order-not-found'];

it('a realm is only looked at again if it has changed or is gone', async () => {
  const name = `noted-${randomUUID()}`;
  using folder = mkdtempDisposableSync(join(tmpdir(), 'atlas-realm-'));
  const [note, path] = [join(folder.path, 'realm'), `/admin/realms/${name}`];
  let logins = 0;
  const ensure = (digest: string): Promise<void> =>
    ensureNotedRealm({
      keycloak: keycloak.url,
      representation: { realm: name, enabled: true, attributes: { 'atlas.digest': digest } },
      note,
      login: () => {
        logins += 1;
        return administrator();
      },
    });
  const steps: [() => Promise<unknown>, number][] = [
    [() => ensure('a'), 1],
    [() => ensure('a'), 1],
    [() => ensure('b'), 2],
    [async () => (await administrator()).call('DELETE', path), 2],
    [() => ensure('b'), 3],
    [() => ensure('b'), 3],
  ];
  for (const [step, expected] of steps) {
    await step();
    expect(logins).toBe(expected);
  }
  const admin = await administrator();
  expect(await admin.call('GET', path)).toMatchObject({ attributes: { 'atlas.digest': 'b' } });
  await admin.call('DELETE', path);
});

describe('a service that trusts Keycloak', () => {
  it('accepts everybody of the realm, each with the roles that the realm gives', async () => {
    for (const [name, { roles }] of Object.entries(keycloak.users)) {
      const token = await login(stack, name);
      expect([name, ...(await ask(token))]).toEqual([name, ...ACCEPTED]);
      const [status, code] = await ask(token, 'POST');
      expect([name, status, code]).toEqual(
        roles.includes('ops') ? [name, 400, 'validation-failed'] : [name, 403, 'forbidden-role'],
      );
    }
  });

  it('refuses a token of another issuer', async () => {
    expect(await ask(await mintToken(stack, { sub: 'kim', roles: ['ops'] }))).toEqual([401, 'unauthenticated']);
  });

  it('refuses a person who was given roles that nobody may have together', async () => {
    const admin = await administrator();
    const [adam] = list(await admin.call('GET', `${realm}/users?username=adam&exact=true`));
    const finance = await admin.call('GET', `${realm}/roles/finance`);
    const mapping = `${realm}/users/${textOf(adam, 'id')}/role-mappings/realm`;
    await admin.call('POST', mapping, [finance]);
    try {
      expect(await ask(await login(stack, 'adam'))).toEqual([401, 'unauthenticated']);
    } finally {
      await admin.call('DELETE', mapping, [finance]);
    }
    expect(await ask(await login(stack, 'adam'))).toEqual(ACCEPTED);
  });

  it('goes on when Keycloak signs with a new key', async () => {
    const before = await login(stack, 'olga');
    const admin = await administrator();
    const id = randomUUID();
    await admin.call('POST', `${realm}/components`, {
      id,
      name: 'rotated',
      parentId: textOf(await admin.call('GET', realm), 'id'),
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      config: { priority: [String(Date.now())], algorithm: ['RS256'] },
    });
    try {
      const after = await login(stack, 'olga');
      expect(keyOf(after)).not.toBe(keyOf(before));
      // the service may have fetched the keys a moment ago
      await expect.poll(() => ask(after)).toEqual(ACCEPTED);
      expect(await ask(before)).toEqual(ACCEPTED);
    } finally {
      await admin.call('DELETE', `${realm}/components/${id}`);
    }
  });

  it('accepts a person who has logged in on a page, by code and PKCE', async () => {
    expect(await ask(await pageLogin('april'))).toEqual(ACCEPTED);
  });

  it('has no log-in for pages without PKCE, for other pages, or for passwords in pages', async () => {
    expect(new URL(await redirected({ ...AUTHORIZE, code_challenge_method: '' })).searchParams.get('error')).toBe(
      'invalid_request',
    );
    const elsewhere = await authorize({ ...AUTHORIZE, redirect_uri: 'http://127.0.0.1:4010@evil.example/' });
    expect(elsewhere.status).toBe(400);
    const { username, password } = userOf('april');
    const grant = await tokenRequest({ grant_type: 'password', username, password });
    expect(grant).toMatchObject({ error: 'unauthorized_client' });
  });
});

const VERIFIER = randomBytes(32).toString('base64url');
const PAGE = 'http://127.0.0.1:4010/docs';
const AUTHORIZE = {
  client_id: 'atlas-page',
  response_type: 'code',
  scope: 'openid',
  redirect_uri: PAGE,
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
};

/** Logs in as a browser does: gets the page, sends the form with name and password, and comes back with a code. */
async function pageLogin(user: string): Promise<string> {
  const form = await authorize(AUTHORIZE);
  const action = /action="([^"]+)"/.exec(await form.text())?.[1]?.replaceAll('&amp;', '&');
  if (action === undefined) throw new Error('Keycloak shows no form');
  const cookie = form.headers.getSetCookie().map((one) => one.split(';')[0]);
  const { username, password } = userOf(user);
  const back = await fetch(action, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookie.join('; ') },
    body: new URLSearchParams({ username, password }),
  });
  const code = new URL(back.headers.get('location') ?? '').searchParams.get('code');
  return textOf(
    await tokenRequest({
      grant_type: 'authorization_code',
      code: code ?? '',
      redirect_uri: PAGE,
      code_verifier: VERIFIER,
    }),
    'access_token',
  );
}

function authorize(query: Readonly<Record<string, string>>): Promise<Response> {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const url = `${keycloak.issuer}/protocol/openid-connect/auth?${new URLSearchParams(given).toString()}`;
  return fetch(url, { redirect: 'manual' });
}

async function redirected(query: Readonly<Record<string, string>>): Promise<string> {
  return (await authorize(query)).headers.get('location') ?? '';
}

async function tokenRequest(body: Readonly<Record<string, string>>): Promise<unknown> {
  const answer = await fetch(`${keycloak.issuer}/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: AUTHORIZE.client_id, ...body }),
  });
  return answer.json();
}

function userOf(name: string): KeycloakInfo['users'][string] {
  const found = keycloak.users[name];
  if (found === undefined) throw new Error(`no user ${name}`);
  return found;
}

function keyOf(token: string): string {
  const [header = ''] = token.split('.');
  return textOf(JSON.parse(Buffer.from(header, 'base64url').toString()), 'kid');
}

function textOf(value: unknown, name: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof found !== 'string') throw new Error(`no ${name} in ${JSON.stringify(value)}`);
  return found;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('not a list');
  return value;
}
