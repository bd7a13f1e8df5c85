import { connect } from 'node:net';
import type { GatewayContract, GatewayRoute } from '@atlas/runtime';
import type { Log, RunningService } from '@atlas/runtime/gateway';
import { gatewayEnv } from '../src/env.ts';
import { startGateway } from '../src/startGateway.ts';
import { signer, type Signer } from './signer.ts';
import { upstreamServer, type UpstreamServer } from './upstreamServer.ts';

const keycloak = (...roles: string[]) => ({ scheme: 'keycloak', roles });

/** Two services: one of shows, one of tickets. */
export const ROUTES: readonly GatewayRoute[] = [
  { service: 'shows', operationId: 'listShows', method: 'GET', path: '/v1/shows', security: [keycloak()] },
  {
    service: 'shows',
    operationId: 'getProgramme',
    method: 'GET',
    path: '/v1/programme',
    security: [],
    cache: { maxAgeSeconds: 60, scope: 'public' },
  },
  {
    service: 'tickets',
    operationId: 'getTicket',
    method: 'GET',
    path: '/v1/tickets/{ticketId}',
    security: [keycloak('clerk'), keycloak('manager')],
    headers: ['x-desk'],
    deprecated: { sunset: '2031-06-30' },
  },
  {
    service: 'tickets',
    operationId: 'bookTicket',
    method: 'POST',
    path: '/v1/tickets',
    security: [keycloak('clerk')],
    body: { limit: 1_048_576, mediaTypes: ['application/json'] },
    isIdempotent: true,
  },
  {
    service: 'tickets',
    operationId: 'voidTicket',
    method: 'POST',
    path: '/v1/tickets/{ticketId}/void',
    security: [keycloak('clerk', 'manager')],
    timeoutMs: 300,
  },
  {
    service: 'tickets',
    operationId: 'importTickets',
    method: 'PUT',
    path: '/v1/tickets',
    security: [keycloak('manager')],
    body: { limit: 512 * 1024 * 1024, mediaTypes: ['text/csv'] },
  },
  {
    service: 'tickets',
    operationId: 'getMyTickets',
    method: 'GET',
    path: '/v1/my/tickets',
    security: [keycloak()],
    timeoutMs: 300,
    cache: { maxAgeSeconds: 60, scope: 'principal' },
  },
  {
    service: 'tickets',
    operationId: 'receivePayment',
    method: 'POST',
    path: '/v1/payments/webhook',
    security: [],
    isSigned: true,
    body: { limit: 1_000, mediaTypes: ['application/json'] },
  },
];

const DOCUMENT = { openapi: '3.1.0', info: { title: 'Theatre', version: '1.0.0' }, paths: {} };

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Scene {
  readonly shows: UpstreamServer;
  readonly tickets: UpstreamServer;
  readonly gateway: RunningService;
  readonly lines: readonly Line[];
  bearer(sub: string, roles?: readonly string[], expiresIn?: string): Promise<string>;
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Sends bytes, and reads until the gateway closes the connection. */
  bytes(text: string): Promise<string>;
  stop(): Promise<void>;
}

export interface SceneOptions {
  readonly contract?: Partial<GatewayContract>;
  readonly env?: Readonly<Record<string, string>>;
  /** The signer that it trusts: one of its own by default. */
  readonly signer?: Signer;
}

/** A gateway in front of two small services, each on a port of its own. */
export async function scene({ contract = {}, env = {}, signer: shared }: SceneOptions = {}): Promise<Scene> {
  const [shows, tickets, keys] = await Promise.all([upstreamServer(), upstreamServer(), shared ?? signer()]);
  const lines: Line[] = [];
  const gateway = await startGateway(
    { routes: ROUTES, document: DOCUMENT, ...contract },
    gatewayEnv(
      {
        AUTH_JWKS_FILE: keys.auth.jwksFile,
        AUTH_ISSUER: keys.auth.issuer,
        SHOWS_URL: shows.url,
        TICKETS_URL: tickets.url,
        ...env,
      },
      ['shows', 'tickets'],
    ),
    logInto(lines),
  );
  return {
    shows,
    tickets,
    gateway,
    lines,
    bearer: (sub, roles = ['clerk'], expiresIn) => keys.bearer(sub, roles, expiresIn),
    ask: (path, init) => fetch(`${gateway.url}${path}`, { redirect: 'manual', ...init }),
    bytes: (text) => exchange(gateway.url, text),
    stop: async () => {
      await gateway.stop();
      await Promise.all([shows.close(), tickets.close()]);
      if (shared === undefined) keys.close();
    },
  };
}

function exchange(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk) => chunks.push(chunk));
    // a server that stops reading may reset the connection after its answer
    socket.on('error', (error) => (chunks.length === 0 ? reject(error) : undefined));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

/** A log whose lines go into a list. */
export function logInto(lines: Line[]): Log {
  const add =
    (level: string) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      lines.push({ level, message, fields });
    };
  const log: Log = {
    debug: add('debug'),
    info: add('info'),
    warn: add('warn'),
    error: add('error'),
    child: () => log,
  };
  return log;
}
