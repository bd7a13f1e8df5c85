import { createHash } from 'node:crypto';
import { type Issuer, keycloakOf, serviceEnvironment, sharedEnvironment, type StackInfo } from '../info.ts';
import { layoutOf } from '../layout.ts';
import type { Program } from './programs.ts';
import { webhookSecrets } from './webhookSecrets.ts';

/**
 * The environment of a program on the stack, without its ports and without addresses of programs. Throws if the stack
 * does not have the service, or not that issuer.
 */
export function programEnvironment(
  info: StackInfo,
  { name, isService }: Program,
  { root, issuer }: { readonly root?: string; readonly issuer?: Issuer } = {},
): Record<string, string> {
  if (!isService) return { ...sharedEnvironment(info, issuer), ...loginEnvironment(info, issuer) };
  return { ...serviceEnvironment(info, name, issuer), ...webhookSecrets(info, name, layoutOf(root).root) };
}

/**
 * The variables for logging in at a gateway. There are none unless Keycloak issues the tokens. The key of its sessions
 * follows from the secret of its client, so that people stay logged in while it starts again.
 */
function loginEnvironment(info: StackInfo, issuer: Issuer | undefined): Record<string, string> {
  if (issuer !== 'keycloak') return {};
  const { discoveryUrl, clientId, clientSecret } = keycloakOf(info).gateway;
  return {
    GATEWAY_LOGIN_DISCOVERY_URL: discoveryUrl,
    GATEWAY_LOGIN_CLIENT_ID: clientId,
    GATEWAY_LOGIN_CLIENT_SECRET: clientSecret,
    GATEWAY_SESSION_KEYS: createHash('sha256').update(`sessions ${clientSecret}`).digest('base64'),
  };
}
