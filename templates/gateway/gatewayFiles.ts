import { code, ident, join, lit, type Code, type Gateway, type GatewayRoute } from '@atlas/ir';

/** package.json of the generated package of a gateway. */
export function gatewayPackage(name: string): string {
  return `${JSON.stringify(
    {
      name,
      version: '0.0.0',
      private: true,
      type: 'module',
      exports: { '.': './index.ts' },
      dependencies: { '@atlas/runtime': 'workspace:*' },
    },
    null,
    2,
  )}\n`;
}

/** index.ts: everything that the gateway imports. */
export function gatewayIndex(gateway: Gateway): Code {
  const services = servicesOf(gateway);
  return code`
    import type { GatewayContract } from '@atlas/runtime';
    import document from './document.json' with { type: 'json' };
    ${services.map((service) => code`import { routes as ${nameOf(service)} } from ${lit(`./routes/${service}.ts`)};`)}

    /** The requests that the gateway passes on, and the API document of all services. */
    export const contract: GatewayContract = {
      routes: [${join(
        services.map((service) => code`...${nameOf(service)}`),
        ', ',
      )}],
      ${gateway.toxicRoles.length > 0 && code`toxicRoles: ${lit(gateway.toxicRoles)},`}
      document,
    };
  `;
}

/** The services that have routes, sorted. */
export function servicesOf({ routes }: Gateway): readonly string[] {
  return [...new Set(routes.map(({ service }) => service))].toSorted();
}

/** Turns `front-desk` into `front_deskRoutes`, which is never a reserved word of TypeScript. */
function nameOf(service: string): Code {
  return ident(`${service.replaceAll('-', '_')}Routes`);
}

/** routes/<service>.ts: the operations of one service, as the gateway sees them. */
export function routesFile({ routes }: Gateway, service: string): Code {
  return code`
    import type { GatewayRoute } from '@atlas/runtime';

    export const routes: readonly GatewayRoute[] = [
      ${routes.filter((route) => route.service === service).map((route) => code`${routeOf(route)},`)}
    ];
  `;
}

function routeOf(route: GatewayRoute): Code {
  const { service, operationId, method, path, security, isSigned, bodyLimit, mediaTypes, headers, isIdempotent } =
    route;
  const { timeoutMs, cache, deprecated, sunset } = route;
  return code`{
    service: ${lit(service)},
    operationId: ${lit(operationId)},
    method: ${lit(method.toUpperCase())},
    path: ${lit(path)},
    security: ${lit(security.map(({ scheme, roles }) => ({ scheme, roles })))},
    ${isSigned && code`isSigned: true,`}
    ${bodyLimit !== undefined && code`body: { limit: ${bodyLimit}, mediaTypes: ${lit(mediaTypes)} },`}
    ${headers.length > 0 && code`headers: ${lit(headers)},`}
    ${isIdempotent && code`isIdempotent: true,`}
    ${timeoutMs !== undefined && code`timeoutMs: ${timeoutMs},`}
    ${cache && code`cache: { maxAgeSeconds: ${cache.maxAgeSeconds}, scope: ${lit(cache.scope)} },`}
    ${deprecated && code`deprecated: { ${sunset === undefined ? code`` : code`sunset: ${lit(sunset)}`} },`}
  }`;
}
