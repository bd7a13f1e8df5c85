import { createHash } from 'node:crypto';
import type { RealmFile } from './realmFile.ts';

/** For `make token` and tests: a user's name and password give a token (RFC 6749, section 4.3). */
export const PASSWORD_CLIENT = 'atlas-cli';
/** For pages, such as the API reference: authorization code with PKCE (RFC 7636). */
const PAGE_CLIENT = 'atlas-page';
/** For the gateway: authorization code with PKCE and a secret, because it keeps tokens for people with a browser. */
export const GATEWAY_CLIENT = 'atlas-gateway';

/** The attribute that marks realms which a stack has made, and shows whether they agree with the file. */
export const DIGEST = 'atlas.digest';

const TOKEN_SECONDS = 900;
/** Longer than a session at the gateway may be idle (30 minutes), so that its token can still be renewed. */
const IDLE_SECONDS = 2_700;

const PKCE = { 'pkce.code.challenge.method': 'S256' };

export interface RealmInput {
  readonly file: RealmFile;
  /** The services for which tokens are valid. */
  readonly audiences: readonly string[];
  readonly passwordOf: (user: string) => string;
  readonly gatewaySecret: string;
}

/**
 * A realm as Keycloak's RealmRepresentation. Each client has an audience mapper per service, so a token is for all of
 * them, and each checks that it is among them. The mappers belong to the clients, because a realm that lists client
 * scopes does not get the built-in ones, which put roles and subject into tokens.
 */
export function realmRepresentation({
  file,
  audiences,
  passwordOf,
  gatewaySecret,
}: RealmInput): Readonly<Record<string, unknown>> {
  const { realm, roles, users, origins, gateways } = file;
  const client = { enabled: true, publicClient: true, protocolMappers: audiences.map(audienceMapper) };
  const content = {
    realm,
    enabled: true,
    sslRequired: 'none',
    registrationAllowed: false,
    bruteForceProtected: true,
    defaultSignatureAlgorithm: 'RS256',
    accessTokenLifespan: TOKEN_SECONDS,
    ssoSessionIdleTimeout: IDLE_SECONDS,
    roles: { realm: Object.entries(roles).map(([name, description]) => ({ name, description })) },
    clients: [
      { ...client, clientId: PASSWORD_CLIENT, standardFlowEnabled: false, directAccessGrantsEnabled: true },
      {
        ...client,
        clientId: PAGE_CLIENT,
        standardFlowEnabled: true,
        directAccessGrantsEnabled: false,
        redirectUris: origins.map((origin) => `${origin}/*`),
        webOrigins: origins,
        attributes: { ...PKCE, 'post.logout.redirect.uris': '+' },
      },
      {
        ...client,
        clientId: GATEWAY_CLIENT,
        publicClient: false,
        secret: gatewaySecret,
        standardFlowEnabled: true,
        directAccessGrantsEnabled: false,
        redirectUris: gateways.map((origin) => `${origin}/login/callback`),
        webOrigins: [],
        attributes: { ...PKCE, 'post.logout.redirect.uris': gateways.map((origin) => `${origin}/`).join('##') },
      },
    ],
    users: Object.entries(users).map(([username, { name, roles: held }]) => {
      const [firstName, ...rest] = name.split(' ');
      return {
        id: userId(realm, username),
        username,
        enabled: true,
        emailVerified: true,
        email: `${username}@${realm}.test`,
        firstName,
        lastName: rest.join(' '),
        credentials: [{ type: 'password', value: passwordOf(username), temporary: false }],
        realmRoles: held,
      };
    }),
  };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return { ...content, attributes: { [DIGEST]: digest } };
}

function audienceMapper(service: string): Readonly<Record<string, unknown>> {
  return {
    name: `audience-${service}`,
    protocol: 'openid-connect',
    protocolMapper: 'oidc-audience-mapper',
    config: {
      'included.custom.audience': service,
      'access.token.claim': 'true',
      'id.token.claim': 'false',
      'introspection.token.claim': 'true',
    },
  };
}

/**
 * The `sub` of a user. It is the same in every stack, so that rows with the id of a user stay valid after the realm was
 * made again. A UUID of version 8 (RFC 9562, section 5.8).
 */
function userId(realm: string, username: string): string {
  const hex = createHash('sha256').update(`${realm}/${username}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
