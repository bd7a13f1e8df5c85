import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { scene, type Scene } from './scene.ts';
import { json } from './upstreamServer.ts';

let here: Scene;
let kim: string;
/** A part of each path, so that no test finds cached answers of another one. */
let test = 0;

beforeAll(async () => {
  here = await scene();
  kim = await here.bearer('kim');
});
afterAll(() => here.stop());
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  test += 1;
  for (const service of [here.shows, here.tickets]) {
    service.got.length = 0;
    service.answer = (got, response) => json(response, 200, { to: got.headers.authorization ?? '' }, { etag: '"1"' });
  }
  return () => vi.useRealTimers();
});

const programme = (headers: Record<string, string> = {}) => here.ask(`/v1/programme?test=${test}`, { headers });
const mine = (authorization: string) => here.ask(`/v1/my/tickets?test=${test}`, { headers: { authorization } });

describe('an answer that the specs mark cacheable', () => {
  it('is reused until it is too old', async () => {
    const first = await programme();
    expect(first.headers.get('cache-control')).toBe('public, max-age=60');
    vi.setSystemTime(Date.now() + 50_000);
    const again = await programme();
    expect([again.status, await again.json(), again.headers.get('age')]).toEqual([200, { to: '' }, '50']);
    expect(again.headers.get('x-correlation-id')).not.toBe(first.headers.get('x-correlation-id'));
    expect(here.shows.got).toHaveLength(1);
    vi.setSystemTime(Date.now() + 11_000);
    await programme();
    expect(here.shows.got).toHaveLength(2);
  });

  it('is checked by its entity tag when it is too old, and stays cached if it has not changed', async () => {
    await programme();
    vi.setSystemTime(Date.now() + 61_000);
    here.shows.answer = (_got, response) => response.writeHead(304, { etag: '"1"' }).end();
    const answer = await programme();
    expect([answer.status, await answer.json()]).toEqual([200, { to: '' }]);
    expect(here.shows.got[1]?.headers['if-none-match']).toBe('"1"');
    expect((await programme()).headers.get('age')).toBe('0');
    expect(here.shows.got).toHaveLength(2);
  });

  it('is a 304 for a client that has it', async () => {
    for (let call = 0; call < 2; call++) {
      const answer = await programme({ 'if-none-match': '"1"' });
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', '"1"']);
      expect((await programme({ 'if-none-match': '"0"' })).status).toBe(200);
    }
    expect(here.shows.got).toHaveLength(1);
  });

  it('is cached even if its length is not known before its end', async () => {
    here.shows.answer = (_got, response) => response.writeHead(200, { etag: '"2"' }).end('{"late":1}');
    for (let call = 0; call < 2; call++) expect(await (await programme()).json()).toEqual({ late: 1 });
    expect(here.shows.got).toHaveLength(1);
  });

  it('is reused only for the same principal and roles, if the specs say so', async () => {
    const lee = await here.bearer('lee');
    const boss = await here.bearer('kim', ['clerk', 'manager']);
    expect(await (await mine(kim)).json()).toEqual({ to: kim });
    expect(await (await mine(lee)).json()).toEqual({ to: lee });
    expect(await (await mine(boss)).json()).toEqual({ to: boss });
    const again = await mine(kim);
    expect(await again.json()).toEqual({ to: kim });
    expect(again.headers.get('cache-control')).toBe('private, max-age=60');
    expect(here.tickets.got).toHaveLength(3);
    expect((await here.ask('/v1/my/tickets')).status).toBe(401);
  });

  it('is reused only for the same media type, and keeps the headers of a page', async () => {
    const page = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      vary: 'accept',
      etag: '"1-html"',
    };
    here.shows.answer = ({ headers }, response) =>
      headers.accept === 'text/html'
        ? response.writeHead(200, page).end('<!doctype html>')
        : json(response, 200, {}, { vary: 'accept', etag: '"1"' });
    for (let call = 0; call < 2; call++) {
      const html = await programme({ accept: 'text/html' });
      expect([await html.text(), Object.fromEntries(html.headers)]).toEqual([
        '<!doctype html>',
        expect.objectContaining(page),
      ]);
      const data = await programme({ accept: 'application/json' });
      expect([await data.json(), data.headers.get('content-type')]).toEqual([{}, 'application/json']);
      expect(data.headers.get('content-security-policy')).toContain("form-action 'none'");
    }
    expect(here.shows.got).toHaveLength(2);
    expect((await programme({ accept: 'text/html', 'if-none-match': '"1-html"' })).status).toBe(304);
    expect((await programme({ accept: 'text/html', 'if-none-match': '"1"' })).status).toBe(200);
  });

  it('is not cached if it is not a 200, sets a cookie, or breaks off', async () => {
    here.shows.answer = (_got, response) => json(response, 404, {});
    expect((await programme()).status).toBe(404);
    here.shows.answer = (_got, response) => json(response, 200, {}, { 'set-cookie': 'a=b', 'content-length': '2' });
    expect((await programme()).status).toBe(200);
    here.shows.answer = (_got, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    };
    expect((await programme()).status).toBe(503);
    here.shows.answer = (_got, response) => json(response, 200, { whole: true });
    expect(await (await programme()).json()).toEqual({ whole: true });
  });
});

describe('an answer that the specs do not mark', () => {
  it('is fetched each time', async () => {
    for (let call = 0; call < 2; call++) await here.ask('/v1/tickets/7', { headers: { authorization: kim } });
    expect(here.tickets.got).toHaveLength(2);
  });
});
