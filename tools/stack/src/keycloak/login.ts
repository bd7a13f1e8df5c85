import { keycloakOf, type StackInfo } from '../info.ts';
import { passwordGrant } from './passwordGrant.ts';

/** An access token of Keycloak for a user of specs/realm.yaml. Throws if the stack has no Keycloak or no such user. */
export async function login(info: StackInfo, user: string): Promise<string> {
  const { issuer, client, users } = keycloakOf(info);
  const credentials = users[user];
  if (credentials === undefined)
    throw new Error(`specs/realm.yaml has no user "${user}" (it has: ${Object.keys(users).join(', ')})`);
  return passwordGrant(issuer, client, credentials);
}
