import type { Rule } from '../../rule.ts';

export const serverPath: Rule = {
  code: 'ATL2037',
  title: 'servers have a path that routes do not have',
  explain: {
    why: 'Clients put the path of a server before the path of an operation (OpenAPI 3.1, section 4.8.5). Routes have it only if atlas.config.yaml has it as the basePath of the service. If something in front of the service removes it, the basePath is /.',
    bad: 'servers: [{ url: https://api.example.org/v3 }]\n# atlas.config.yaml\nbookings: { openapi: bookings.yaml }',
    good: 'servers: [{ url: https://api.example.org/v3 }]\n# atlas.config.yaml\nbookings: { openapi: bookings.yaml, basePath: /v3 }',
  },
  *check({ http }) {
    for (const { root, service } of http) {
      if (service.basePath !== undefined) continue;
      for (const server of root.get('servers')?.items() ?? []) {
        const url = server.get('url');
        const path = pathOf(url?.string() ?? '');
        if (!url || path === '') continue;
        yield {
          severity: 'warning',
          message: `routes have no ${path} before their paths, as clients of this server expect`,
          loc: url.valueLoc,
          fix: `add basePath: ${path} to service ${service.name} in atlas.config.yaml, or basePath: / if a proxy removes it`,
        };
        break;
      }
    }
  },
};

/** The path of a server's URL, which may be relative, without the slash at its end. */
function pathOf(url: string): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
}
