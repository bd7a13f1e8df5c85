import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { scene, type Scene } from './scene.ts';

let here: Scene;
let clerk: string;

beforeAll(async () => {
  here = await scene();
  clerk = await here.bearer('kim');
});
afterAll(() => here.stop());

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

const post = { method: 'POST', headers: { 'content-type': 'application/json' } };

async function problemOf(answer: Response) {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem: unknown = await answer.json();
  expect(problem).toMatchObject({ correlationId: answer.headers.get('x-correlation-id') });
  return problem;
}

describe('the gateway refuses', () => {
  it.each<[string, string, Init, number, string]>([
    ['a path that no service declares', '/v1/nothing', {}, 404, 'not-found-route'],
    ['a path with another case', '/V1/tickets/7', {}, 404, 'not-found-route'],
    ['a path with a slash at its end', '/v1/tickets/7/', {}, 404, 'not-found-route'],
    ['a path with two slashes', '/v1//tickets/7', {}, 404, 'not-found-route'],
    ['a path that is not well encoded', '/v1/tickets/%zz', {}, 400, 'validation-failed'],
    ['another method', '/v1/tickets/7', { method: 'DELETE' }, 405, 'method-not-allowed'],
    ['a body that is too large', '/v1/tickets', { ...post, body: '1'.repeat(1_048_577) }, 413, 'body-too-large'],
    ['a body of another type', '/v1/tickets', { method: 'POST', body: 'a' }, 415, 'unsupported-media-type'],
    ['a body where none is taken', '/v1/tickets/7/void', { ...post, body: '{}' }, 400, 'validation-failed'],
  ])('%s', async (_what, path, init, status, code) => {
    const authorization = await here.bearer('kim', ['clerk', 'manager']);
    const answer = await here.ask(path, { ...init, headers: { ...init.headers, authorization } });
    expect(answer.status).toBe(status);
    expect(await problemOf(answer)).toMatchObject({ status, code });
    expect(answer.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null);
    expect(here.tickets.got).toEqual([]);
  });

  it('a body without a length that becomes too large', async () => {
    const body = new Blob(['1'.repeat(2_000_000)]).stream();
    const headers = { ...post.headers, authorization: clerk };
    const answer = await here.ask('/v1/tickets', { method: 'POST', headers, body, duplex: 'half' });
    expect(await problemOf(answer)).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it('a request without a token', async () => {
    const answer = await here.ask('/v1/tickets/7');
    expect(await problemOf(answer)).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('a token that is not valid, and a valid one with another signature', async () => {
    const other = await here.bearer('other');
    const forged = `${clerk.slice(0, clerk.lastIndexOf('.'))}${other.slice(other.lastIndexOf('.'))}`;
    expect((await here.ask('/v1/tickets/7', { headers: { authorization: clerk } })).status).toBe(200);
    for (const authorization of ['Bearer x', 'Basic a2lt', forged, await here.bearer('kim', [], '-1h')]) {
      const answer = await here.ask('/v1/tickets/7', { headers: { authorization } });
      expect(await problemOf(answer), authorization).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
  });

  it('a caller without all roles of one alternative', async () => {
    const ask = async (path: string, method: string, roles: string[]) =>
      here.ask(path, { method, headers: { authorization: await here.bearer('kim', roles) } });
    expect((await ask('/v1/tickets/7', 'GET', ['manager'])).status).toBe(200);
    const none = await ask('/v1/tickets/7', 'GET', ['guest']);
    expect(await problemOf(none)).toMatchObject({ status: 403, code: 'forbidden-role' });
    expect(none.headers.get('www-authenticate')).toContain('insufficient_scope');
    expect((await ask('/v1/tickets/7/void', 'POST', ['clerk'])).status).toBe(403);
    expect((await ask('/v1/tickets/7/void', 'POST', ['clerk', 'manager'])).status).toBe(200);
    expect((await ask('/v1/shows', 'GET', [])).status).toBe(200);
  });

  it('a token that has expired since it was last accepted', async () => {
    const authorization = await here.bearer('kim', ['clerk'], '10s');
    const ask = () => here.ask('/v1/tickets/7', { headers: { authorization } });
    expect((await ask()).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 20_000 });
    try {
      expect((await ask()).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });
});
