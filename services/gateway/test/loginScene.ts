import { vi } from 'vitest';
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { KeycloakAdmin, type KeycloakInfo, stackUp } from '@atlas/stack';
import type { GatewayContract } from '@atlas/runtime';
import type { RunningService } from '@atlas/runtime/gateway';
import { gatewayEnv } from '../src/env.ts';
import { startGateway } from '../src/startGateway.ts';
import { logInto, type Line } from './scene.ts';
import { upstreamServer, type UpstreamServer } from './upstreamServer.ts';
import { locationOf, type Seen, type Visitor } from './visitor.ts';

const keycloak = (...roles: string[]) => ({ scheme: 'keycloak', roles });
const PAGE = { '200': { description: 'The page', content: { 'application/json': {}, 'text/html': {} } } };

/** A service with a page for clerks of sales, one for those of money, and a command. */
const CONTRACT: GatewayContract = {
  routes: [
    { service: 'bookings', operationId: 'getSales', method: 'GET', path: '/v1/sales', security: [keycloak('ops')] },
    {
      service: 'bookings',
      operationId: 'getMoney',
      method: 'GET',
      path: '/v1/money',
      security: [keycloak('finance'), keycloak('admin', 'ops')],
    },
    { service: 'bookings', operationId: 'sell', method: 'POST', path: '/v1/sales', security: [keycloak('ops')] },
  ],
  toxicRoles: [['admin', 'finance']],
  document: {
    openapi: '3.1.0',
    info: { title: 'Theatre', version: '1.0.0' },
    paths: {
      '/v1/sales': { get: { summary: 'Sales', responses: PAGE } },
      '/v1/money': { get: { summary: 'Money', responses: PAGE } },
    },
  },
};

export interface LoginScene {
  readonly keycloak: KeycloakInfo;
  /** The path of the realm in the Admin REST API. */
  readonly realm: string;
  readonly gateway: RunningService;
  readonly service: UpstreamServer;
  readonly lines: readonly Line[];
  /** The Admin REST API, with a new login each time, because its token is valid for only a minute. */
  admin(): Promise<KeycloakAdmin>;
  /** Goes to a path, and logs in if asked to. Resolves to the resulting page. */
  login(visitor: Visitor, user: string, path?: string): Promise<Seen>;
  /** Goes to a path, and logs in at Keycloak. Resolves to the address of the callback, which nobody has called yet. */
  callback(visitor: Visitor, user: string, path?: string): Promise<string>;
  stop(): Promise<void>;
}

/** A gateway in front of a small service. The people of specs/realm.yaml log in with a real Keycloak. */
export async function loginScene(env: Readonly<Record<string, string>> = {}): Promise<LoginScene> {
  const [stack, service, port] = await Promise.all([stackUp({ with: ['keycloak'] }), upstreamServer(), freePort()]);
  const info = stack.keycloak;
  if (info === undefined) throw new Error('the stack has no Keycloak');
  service.answer = (got, response) => {
    const text = got.method === 'HEAD' ? '' : '<h1>The page of the service</h1>';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': 'role=boss' }).end(text);
  };
  const lines: Line[] = [];
  const gateway = await startGateway(
    CONTRACT,
    gatewayEnv(
      {
        PORT: String(port),
        AUTH_JWKS_URL: info.jwksUrl,
        AUTH_ISSUER: info.issuer,
        BOOKINGS_URL: service.url,
        GATEWAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
        GATEWAY_LOGIN_CLIENT_ID: info.gateway.clientId,
        GATEWAY_LOGIN_CLIENT_SECRET: info.gateway.clientSecret,
        GATEWAY_SESSION_KEYS: randomBytes(32).toString('base64'),
        ...env,
      },
      ['bookings'],
    ),
    logInto(lines),
  );
  const callback = (visitor: Visitor, user: string, path = '/v1/sales'): Promise<string> =>
    // Keycloak refuses a login while another one of the same person is under way, such as that of another test file
    vi.waitFor(
      async () => {
        const form = await visitor.follow(gateway.url + path);
        const { username = '', password = '' } = info.users[user] ?? {};
        const location = locationOf(await visitor.submit(form, { username, password }));
        if (location === undefined) throw new Error(`Keycloak does not let ${user} in`);
        return location;
      },
      { timeout: 90_000, interval: 500 },
    );
  return {
    keycloak: info,
    realm: `/admin${new URL(info.issuer).pathname}`,
    gateway,
    service,
    lines,
    admin: () => KeycloakAdmin.login(info.url, info.admin),
    callback,
    login: async (visitor, user, path) => visitor.follow(await callback(visitor, user, path)),
    stop: async () => {
      await gateway.stop();
      await service.close();
    },
  };
}

/** A port that nobody uses. The issuer must know the gateway's address before the gateway listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // cast: the address of a server that listens on TCP has a port
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
