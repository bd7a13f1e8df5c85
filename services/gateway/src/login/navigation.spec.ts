import { describe, expect, it } from 'vitest';
import { isForPerson, isNavigation, mayUseCookie, returnToOf } from './navigation.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

describe('a request', () => {
  it.each<[string, string | undefined, string | undefined, boolean]>([
    ['of a browser that goes to a page', BROWSER, 'navigate', true],
    ['of an old browser', BROWSER, undefined, true],
    ['of a script of a page', BROWSER, 'cors', false],
    ['of an image', 'image/*', 'no-cors', false],
    ['of a program that takes anything', '*/*', undefined, false],
    ['without a preference', undefined, undefined, false],
    ['that prefers JSON', 'text/html;q=0.5, application/json', 'navigate', false],
    ['that takes only CSV', 'text/csv', undefined, false],
    ['that takes no page at all', 'text/html;q=0, */*', 'navigate', false],
    ['with an Accept that means nothing', ',;q=,/', 'navigate', false],
  ])('%s is recognised as being for a person or not', (_what, accept, mode, expected) => {
    const headers = {
      ...(accept === undefined ? {} : { accept }),
      ...(mode === undefined ? {} : { 'sec-fetch-mode': mode }),
    };
    expect(isForPerson({ headers })).toBe(expected);
    expect(isNavigation({ method: 'GET', headers })).toBe(expected);
    expect(isNavigation({ method: 'POST', headers })).toBe(false);
  });

  it.each<[string, string, Readonly<Record<string, string>>, boolean]>([
    [
      'goes to a page by a link of another site',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      true,
    ],
    ['is typed into the address bar', 'GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, true],
    ['comes from a page of the gateway', 'GET', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, true],
    ['comes from an old browser', 'HEAD', {}, true],
    ['is loaded by another site', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, false],
    ['is loaded by a neighbour', 'GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, false],
    ['is a command', 'POST', { 'sec-fetch-site': 'same-origin' }, false],
    ['is a command that deletes', 'DELETE', {}, false],
    ['has a token', 'GET', { authorization: 'Bearer x' }, false],
  ])('that %s may use a cookie or not', (_what, method, headers, expected) => {
    expect(mayUseCookie({ method, headers })).toBe(expected);
  });
});

describe('the way back after a login', () => {
  const PUBLIC = 'https://erp.example.org';

  it.each([
    '/',
    '/v1/reports/orders',
    '/v1/reports/orders?placedAt%5Bgte%5D=2026-01-01&sort=-total',
    '/loginsomething',
  ])('leads to %s', (path) => {
    expect(returnToOf(path, PUBLIC)).toBe(path);
  });

  it.each([
    [undefined],
    [''],
    ['https://evil.example'],
    ['//evil.example'],
    ['///evil.example'],
    ['/\\evil.example'],
    ['/\t/evil.example'],
    ['\t//evil.example'],
    ['/%09/../..//evil.example'],
    ['/..//evil.example'],
    ['/%2e%2e//evil.example'],
    ['javascript:alert(1)'],
    ['/v1\r\nSet-Cookie: a=b'],
    ['/v1#@evil.example'],
    ['@evil.example'],
    ['/v1/ü'],
    ['/login'],
    ['/login?returnTo=/login'],
    ['/login/callback?state=x'],
    ['/logout'],
    [`/${'a'.repeat(1_000)}`],
  ])('leads to the first page for %j', (path) => {
    expect(returnToOf(path, PUBLIC)).toBe('/');
  });
});
