import {
  BODY_LIMIT,
  isObject,
  type Gateway,
  type GatewayRoute,
  type HttpApi,
  type Operation,
  type Service,
} from '@atlas/ir';
import type { GatewayConfig } from '../../document/workspace.ts';
import { mergedDocument } from './mergedDocument.ts';

/** The gateway before the services: the routes of all of their operations, and their documents as one. */
export function gatewayOf({ title, version, loc }: GatewayConfig, services: readonly Service[]): Gateway {
  const apis = services.flatMap(({ name, http }) => (http ? [{ service: name, http }] : []));
  return {
    loc,
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
  const isSigned = security.some(({ scheme }) => isSignature(api, scheme));
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

/** Whether a scheme is a signature of the body (Standard Webhooks), which has the form of an API key in a header. */
function isSignature({ document }: HttpApi, scheme: string): boolean {
  const components = document['components'];
  const schemes = isObject(components) ? components['securitySchemes'] : undefined;
  const found = isObject(schemes) ? schemes[scheme] : undefined;
  return isObject(found) && found['type'] === 'apiKey';
}
