import { describe, expect, it } from 'vitest';
import type { GatewayRoute } from '@atlas/runtime';
import { indexPage, pageLinksOf } from './indexPage.ts';

const PAGE = { '200': { description: 'x', content: { 'application/json': {}, 'text/html': {} } } };
const route = (path: string, ...roles: readonly string[][]): GatewayRoute => ({
  service: 'shows',
  operationId: `get${path.length}`,
  method: 'GET',
  path,
  security: roles.map((all) => ({ scheme: 'keycloak', roles: all })),
});
const parameter = (required: boolean) => ({ name: 'day', in: 'query', required });
const document = {
  paths: {
    '/v1/sales': { get: { summary: 'Sales <per> day.', responses: PAGE, parameters: [parameter(false)] } },
    '/v1/halls': { get: { responses: PAGE } },
    '/v1/shows': { get: { responses: PAGE } },
    '/v1/shows/{id}': { get: { responses: PAGE } },
    '/v1/seats': { get: { responses: PAGE, parameters: [{ $ref: '#/components/parameters/Day' }] } },
    '/v1/tickets': { get: { responses: { '200': { content: { 'application/json': {} } } } } },
  },
  components: { parameters: { Day: parameter(true) } },
};
const routes = [
  route('/v1/sales', ['finance', 'manager'], ['boss']),
  route('/v1/halls', ['clerk'], ['manager'], ['boss']),
  ...['/v1/shows', '/v1/shows/{id}', '/v1/seats', '/v1/tickets'].map((path) => route(path)),
  { ...route('/v1/shows'), method: 'POST' as const },
];

describe('the first page', () => {
  it('leads to each read of the contract that offers a page and needs no parameter', () => {
    expect(pageLinksOf({ routes, document })).toEqual([
      { path: '/v1/sales', title: 'Sales <per> day', needs: [['finance', 'manager'], ['boss']] },
      { path: '/v1/halls', title: 'get9', needs: [['clerk'], ['manager'], ['boss']] },
      { path: '/v1/shows', title: 'get9', needs: [] },
    ]);
  });

  it('escapes what it shows, and says which roles a page needs', () => {
    const links = pageLinksOf({ routes, document });
    const { body, headers } = indexPage({
      links,
      person: '<script>"x"</script>',
      held: undefined,
      loginUrl: undefined,
      issuerOrigin: 'https://login.example.org',
    });
    expect(body).toContain(
      '<a href="/v1/sales">Sales &lt;per&gt; day</a> <span class="small">for finance and manager, or boss</span>',
    );
    expect(body).toContain('<a href="/v1/halls">get9</a> <span class="small">for clerk, manager or boss</span>');
    expect(body).toContain('logged in as &lt;script&gt;&quot;x&quot;&lt;/script&gt;');
    expect(headers['content-security-policy']).toContain("form-action 'self' https://login.example.org;");
  });

  it.each<[readonly string[], readonly string[]]>([
    [[], ['/v1/shows']],
    [['finance'], ['/v1/shows']],
    [['clerk'], ['/v1/halls', '/v1/shows']],
    [
      ['finance', 'manager'],
      ['/v1/sales', '/v1/halls', '/v1/shows'],
    ],
  ])('leads a person with the roles %j only to %j, and names the others', (held, paths) => {
    const links = pageLinksOf({ routes, document });
    const { body } = indexPage({ links, person: 'Kim', held, loginUrl: undefined, issuerOrigin: undefined });
    const led = [...String(body).matchAll(/href="(\/v1[^"]*)"/g)].map(([, path]) => path);
    expect(led).toEqual(paths);
    const names = [...String(body).matchAll(/<li>([^<]+) <span/g)].map(([, name]) => name);
    expect(names).toHaveLength(links.length - paths.length);
    expect(String(body).includes('Reports that need other roles')).toBe(names.length > 0);
  });

  it('says so if a person may see no report', () => {
    const links = pageLinksOf({ routes, document }).filter(({ needs }) => needs.length > 0);
    const { body } = indexPage({ links, person: 'Kim', held: [], loginUrl: undefined, issuerOrigin: undefined });
    expect(body).toMatch(/Your roles do not allow any report\..*Reports that need other roles.*get9/s);
  });

  it('says that there are no pages if there are none', () => {
    const { body } = indexPage({
      links: [],
      person: undefined,
      held: undefined,
      loginUrl: undefined,
      issuerOrigin: undefined,
    });
    expect(body).toContain('No service has pages.');
    expect(body).not.toContain('Log');
  });
});
