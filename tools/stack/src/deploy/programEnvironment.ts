import { type Issuer, serviceEnvironment, sharedEnvironment, type StackInfo } from '../info.ts';
import { layoutOf } from '../layout.ts';
import type { Program } from './programs.ts';
import { webhookSecrets } from './webhookSecrets.ts';

/**
 * The environment of a program on the stack, without its ports and the addresses of others. Throws if the stack does
 * not have the service, or not that issuer.
 */
export function programEnvironment(
  info: StackInfo,
  { name, isService }: Program,
  { root, issuer }: { readonly root?: string; readonly issuer?: Issuer } = {},
): Record<string, string> {
  if (!isService) return sharedEnvironment(info, issuer);
  return { ...serviceEnvironment(info, name, issuer), ...webhookSecrets(info, name, layoutOf(root).root) };
}
