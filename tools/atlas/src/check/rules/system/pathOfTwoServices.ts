import type { OperationView } from '../../../read/openapi/http.ts';
import type { Rule } from '../../rule.ts';

export const pathOfTwoServices: Rule = {
  code: 'ATL5013',
  title: 'path of two services',
  explain: {
    why: 'Behind a gateway, all services share one space of paths. A path with all its methods belongs to one service, so that the gateway knows where to send a request. The names of path parameters do not make paths differ.',
    bad: '/v1/seats/{seatId}: { get: ... } # shows.yaml\n/v1/seats/{id}: { delete: ... } # tickets.yaml',
    good: '/v1/seats/{seatId}: { get: ... } # shows.yaml\n/v1/tickets/{id}: { delete: ... } # tickets.yaml',
  },
  *check({ http, workspace }) {
    if (!workspace.config.gateway) return;
    const first = new Map<string, OperationView>();
    for (const operation of http.flatMap(({ operations }) => operations)) {
      const { service, path, method, cursor } = operation;
      const key = `${service.basePath ?? ''}${path}`.replaceAll(/\{[^{}]*\}/g, '{}');
      const other = first.get(key);
      if (!other) first.set(key, operation);
      else if (other.service !== service)
        yield {
          message: `${method.toUpperCase()} ${service.basePath ?? ''}${path} has a path of ${other.service.name}, and the gateway can send it to one service only`,
          loc: cursor.loc,
          fix: 'choose another path, or put the routes of one service below a basePath in atlas.config.yaml',
          related: [{ loc: other.cursor.loc, message: `${other.label} of ${other.service.name}` }],
        };
    }
  },
};
