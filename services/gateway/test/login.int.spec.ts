import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loginScene, type LoginScene } from './loginScene.ts';
import { logOut, SESSION } from './sealedSession.ts';
import { locationOf, Visitor } from './visitor.ts';

/** Tests people who log in at the gateway with a real Keycloak, and others who try to get in without it. */

const MINUTE = 60_000;
let here: LoginScene;
let visitor: Visitor;

beforeAll(async () => {
  here = await loginScene();
});
afterAll(() => here.stop());
beforeEach(() => {
  visitor = new Visitor();
  here.service.got.length = 0;
});
afterEach(() => vi.useRealTimers());

const sales = () => `${here.gateway.url}/v1/sales`;
const later = (milliseconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
const claimsOf = (authorization = ''): unknown =>
  JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString());

describe('somebody who logs in', () => {
  it('gets to the page that was asked for, and the service gets a token and no cookie', async () => {
    const seen = await here.login(visitor, 'olga', '/v1/sales?day=2026-01-01&sort=-total');
    expect([seen.status, seen.text, seen.url]).toEqual([
      200,
      ' The page of the service ',
      `${sales()}?day=2026-01-01&sort=-total`,
    ]);
    expect(seen.headers.get('vary')).toContain('cookie');
    expect(seen.headers.get('cache-control')).toBe('private, no-store');
    expect(seen.headers.getSetCookie()).toEqual([]);
    const [got, ...more] = here.service.got;
    expect(more).toEqual([]);
    expect(got?.headers.cookie).toBeUndefined();
    expect(claimsOf(got?.headers.authorization)).toMatchObject({ realm_access: { roles: ['ops'] } });
    expect((await visitor.go(sales(), { method: 'HEAD' })).status).toBe(200);
  });

  it('has a cookie that no script reads, and no token that leaves the gateway', async () => {
    const back = await visitor.go(await here.callback(visitor, 'olga'));
    expect([back.status, locationOf(back)]).toEqual([303, sales()]);
    const [session = '', ...others] = back.headers.getSetCookie().toReversed();
    expect(session).toMatch(/^atlas-session=1\.[\w.-]+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(session.length).toBeLessThan(4_096);
    // the cookie of the login is used up
    expect(others).toEqual([expect.stringMatching(/^atlas-login-.{8}=; Max-Age=0;/)]);
    await visitor.go(sales());
    const token = here.service.got[0]?.headers.authorization?.split(' ')[1] ?? 'none';
    expect(session).not.toContain(token);
    expect(JSON.stringify(here.lines)).not.toContain(token);
  });

  it('sees on the first page who that is, and which pages there are for whom', async () => {
    await here.login(visitor, 'olga');
    const { text, body } = await visitor.go(`${here.gateway.url}/`);
    expect(text).toContain('You are logged in as Olga Ops.');
    expect(text).toContain('Log out');
    expect(body).not.toContain('href="/v1/money"');
    expect(body).toContain('<li>Money <span class="small">for finance, or admin and ops</span></li>');
    expect(body).toContain('<a href="/v1/sales">');
  });

  it('reads which role a page needs', async () => {
    const seen = await here.login(visitor, 'olga', '/v1/money');
    expect(seen.status).toBe(403);
    expect(seen.text).toMatch(/You may not see this page.*finance.*admin and ops/s);
    expect(here.service.got).toEqual([]);
  });

  it('may have several tabs', async () => {
    const tabs = [await visitor.follow(sales()), await visitor.follow(`${sales()}?tab=2`)];
    const { username = '', password = '' } = here.keycloak.users['olga'] ?? {};
    const [first, second] = tabs;
    if (first === undefined || second === undefined) throw new Error('no form');
    const back = locationOf(await visitor.submit(first, { username, password })) ?? '';
    expect((await visitor.follow(back)).url).toBe(sales());
    // Keycloak knows the person already
    expect((await visitor.follow(`${sales()}?tab=2`)).url).toBe(`${sales()}?tab=2`);
  });

  it('gets only a few cookies, even if they begin a login often', async () => {
    for (let count = 0; count < 10; count++) await visitor.follow(`${sales()}?page=${'a'.repeat(900)}`);
    const kept = [...visitor.cookies(here.gateway.url)].map(([name, value]) => `${name}=${value}`).join('; ');
    expect(kept.length).toBeLessThan(8_000);
    expect((await here.login(visitor, 'olga')).status).toBe(200);
  });

  it.each(['//evil.example', 'https://evil.example/', '/\\evil.example', '/login?returnTo=/login', ''])(
    'gets to the first page if the way back is %j',
    async (returnTo) => {
      const path = `/login?returnTo=${encodeURIComponent(returnTo)}`;
      expect((await here.login(visitor, 'olga', path)).url).toBe(`${here.gateway.url}/`);
    },
  );
});

describe('a session', () => {
  beforeEach(async () => {
    await here.login(visitor, 'olga');
    here.service.got.length = 0;
  });

  it('identifies the caller of a read, but not of a command', async () => {
    expect((await visitor.go(sales())).status).toBe(200);
    const sent = await visitor.go(sales(), { method: 'POST' });
    expect([sent.status, sent.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(here.service.got).toHaveLength(1);
  });

  it('is ignored if there is a token', async () => {
    const headers = { accept: 'text/html', authorization: 'Bearer x' };
    expect((await visitor.go(sales(), { headers })).status).toBe(401);
  });

  it('is ignored for content that another site loads', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { accept: '*/*', 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
      expect((await visitor.go(sales(), { headers })).status).toBe(401);
    }
    const own = { accept: 'application/json', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
    expect((await visitor.go(sales(), { headers: own })).status).toBe(200);
  });

  it('that was changed is not accepted, and its cookie is removed', async () => {
    const jar = visitor.cookies(here.gateway.url);
    jar.set(SESSION, `${jar.get(SESSION)?.slice(0, -9)}AAAAAAAAA`);
    const seen = await visitor.go(sales());
    expect([seen.status, jar.get(SESSION)]).toEqual([302, undefined]);
  });

  it('gets new tokens before the old ones expire, once for requests at the same time', async () => {
    const jar = visitor.cookies(here.gateway.url);
    const before = jar.get(SESSION) ?? '';
    later(14.5 * MINUTE);
    const [one, two] = await Promise.all([visitor.go(sales()), visitor.go(sales())]);
    expect([one.status, two.status]).toEqual([200, 200]);
    const after = jar.get(SESSION);
    expect(after).not.toBe(before);
    const tokens = here.service.got.map(({ headers }) => headers.authorization);
    expect(new Set(tokens).size).toBe(1);
    // a request that was under way with the previous cookie
    jar.set(SESSION, before);
    expect((await visitor.go(sales())).status).toBe(200);
    expect(here.service.got.at(-1)?.headers.authorization).toBe(tokens[0]);
    expect(await metric('renewals_total{outcome="renewed"')).toBe(1);
  });

  it('ends if Keycloak says so when it is asked for new tokens', async () => {
    const admin = await here.admin();
    const users = await admin.call('GET', `${here.realm}/users?username=olga&exact=true`);
    const id = Array.isArray(users) ? String(Reflect.get(Object(users[0]), 'id')) : '';
    await admin.call('POST', `${here.realm}/users/${id}/logout`);
    later(14.5 * MINUTE);
    const program = await visitor.go(sales(), { headers: { accept: 'application/json' } });
    expect([program.status, visitor.cookies(here.gateway.url).get(SESSION)]).toEqual([401, undefined]);
    expect((await visitor.go(sales())).status).toBe(302);
  });

  it('ends here and at Keycloak when the person logs out', async () => {
    const jar = visitor.cookies(here.gateway.url);
    const copied = jar.get(SESSION) ?? '';
    const out = await logOut(here, visitor);
    expect([out.status, out.headers.get('clear-site-data')]).toEqual([303, '"cache"']);
    expect(jar.get(SESSION)).toBeUndefined();
    const home = await visitor.follow(locationOf(out) ?? '');
    expect([home.url, home.status]).toEqual([`${here.gateway.url}/`, 200]);
    expect(home.text).toMatch(/Log in/);
    // Keycloak asks for the password again
    expect((await visitor.follow(sales())).body).toContain('name="password"');
    // a copied cookie is not accepted
    jar.set(SESSION, copied);
    expect([(await visitor.go(sales())).status, jar.get(SESSION)]).toEqual([302, undefined]);
    expect(await metric('checks_total{outcome="ended"')).toBe(1);
  });
});

describe('a callback', () => {
  it('that was used already is refused', async () => {
    const back = await here.callback(visitor, 'olga');
    expect((await visitor.go(back)).status).toBe(303);
    const again = await visitor.go(back);
    expect(again.status).toBe(400);
    expect(again.text).toContain('was not begun in this browser, took too long, or has been used already');
  });

  it('that was used already is refused by Keycloak, even with the cookie from before', async () => {
    const back = await here.callback(visitor, 'olga');
    const jar = visitor.cookies(here.gateway.url);
    const before = [...jar];
    expect((await visitor.go(back)).status).toBe(303);
    jar.clear();
    for (const [name, value] of before) jar.set(name, value);
    const again = await visitor.go(back);
    expect([again.status, jar.get(SESSION)]).toEqual([401, undefined]);
    expect(again.text).toContain('The login server has refused the log-in');
    expect(again.body).toContain('/login?returnTo=%2Fv1%2Fsales');
  });

  it('of somebody else does not log anybody in', async () => {
    const back = await here.callback(new Visitor(), 'olga');
    await visitor.follow(sales());
    expect((await visitor.go(back)).status).toBe(400);
    expect(visitor.cookies(here.gateway.url).get(SESSION)).toBeUndefined();
  });

  it.each<[string, (query: URLSearchParams) => void]>([
    ['with another code', (query) => query.set('code', 'x.y.z')],
    ['with the code of another login', (query) => query.set('code', query.get('code')?.replace(/.$/, '0') ?? '')],
    ['without a code', (query) => query.delete('code')],
    ['of another issuer', (query) => query.set('iss', 'https://evil.example')],
    ['with two codes', (query) => query.append('code', 'x')],
    ['that says that the person refused', (query) => (query.delete('code'), query.set('error', 'access_denied'))],
  ])('%s is refused', async (_what, change) => {
    const back = new URL(await here.callback(visitor, 'olga'));
    change(back.searchParams);
    const seen = await visitor.go(back.href);
    expect(seen.status).toBe(401);
    expect(seen.text).toMatch(/You are not logged in.*refused.*Log in/s);
    expect(visitor.cookies(here.gateway.url).get(SESSION)).toBeUndefined();
  });

  it('after too long is refused', async () => {
    const back = await here.callback(visitor, 'olga');
    later(11 * MINUTE);
    expect((await visitor.go(back)).status).toBe(400);
  });

  it('of a person with roles that nobody may have together begins no session', async () => {
    const admin = await here.admin();
    const users = await admin.call('GET', `${here.realm}/users?username=adam&exact=true`);
    const id = Array.isArray(users) ? String(Reflect.get(Object(users[0]), 'id')) : '';
    const finance = await admin.call('GET', `${here.realm}/roles/finance`);
    const mapping = `${here.realm}/users/${id}/role-mappings/realm`;
    await admin.call('POST', mapping, [finance]);
    try {
      const seen = await here.login(visitor, 'adam');
      expect(seen.status).toBe(401);
      expect(seen.text).toContain('The token has the roles admin and finance, which nobody may have together.');
      expect(visitor.cookies(here.gateway.url).get(SESSION)).toBeUndefined();
    } finally {
      await admin.call('DELETE', mapping, [finance]);
    }
  });
});

async function metric(start: string): Promise<number> {
  const text = await (await fetch(`${here.gateway.adminUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`atlas_gateway_session_${start}`));
  return Number(line?.split(' ').at(-1));
}
