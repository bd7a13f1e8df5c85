import { BODY_LIMIT, type Gateway, type GatewayRoute, type HttpApi, type Operation, type Service } from '@atlas/ir';
import type { GatewayConfig } from '../../document/workspace.ts';
import { mergedDocument } from './mergedDocument.ts';

/** The gateway in front of the services: the routes of all of their operations, and their documents as one. */
export function gatewayOf(
  { title, version, loc }: GatewayConfig,
  services: readonly Service[],
  toxicRoles: Gateway['toxicRoles'],
): Gateway {
  const apis = services.flatMap(({ name, http }) => (http ? [{ service: name, http }] : []));
  return {
    loc,
    toxicRoles,
    routes: apis
      .flatMap(({ service, http }) => http.operations.map((operation) => routeOf(service, http, operation)))
      .toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)),
    document: mergedDocument(
      apis.map(({ service, http: { basePath = '', document } }) => ({ service, basePath, document })),
      { title, version },
    ),
  };
}

function keyOf({ path, method }: GatewayRoute): string {
  return `${path} ${method}`;
}

function routeOf(service: string, api: HttpApi, operation: Operation): GatewayRoute {
  const { loc, id, method, path, security, body, params, idempotency, timeoutMs, cache, deprecated, sunset } =
    operation;
  const isSigned = security.some(({ webhook }) => webhook === true);
  return {
    loc,
    service,
    operationId: id,
    method,
    path: `${api.basePath ?? ''}${path}`,
    security: isSigned ? [] : security,
    isSigned,
    ...(body ? { bodyLimit: body.limit ?? BODY_LIMIT } : {}),
    mediaTypes: body ? [body.mediaType] : [],
    headers: params.flatMap((param) => (param.in === 'header' ? [param.name.toLowerCase()] : [])),
    isIdempotent: idempotency !== undefined,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(cache ? { cache } : {}),
    deprecated,
    ...(sunset === undefined ? {} : { sunset }),
  };
}
