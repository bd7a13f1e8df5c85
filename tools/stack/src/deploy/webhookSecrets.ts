import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackInfo } from '../info.ts';
import { isRecord, parseJson } from '../json.ts';

/**
 * The variables with the secrets of the signed webhooks that a service takes, one per security scheme of the catalog.
 * Without them it does not start.
 */
export function webhookSecrets(info: StackInfo, service: string, root: string): Record<string, string> {
  return Object.fromEntries(
    schemesOf(root, service).map((scheme) => [secretsVariable(scheme), webhookSecret(info, scheme)]),
  );
}

/**
 * The secret of a scheme on this stack, for the program that sends the webhooks as well: `whsec_…` (Standard Webhooks).
 * It is derived from the stack's private key, so it stays the same as long as the stack keeps its data.
 */
export function webhookSecret({ auth }: Pick<StackInfo, 'auth'>, scheme: string): string {
  const digest = createHmac('sha256', readFileSync(auth.privateJwkFile)).update(`webhook ${scheme}`).digest('base64');
  return `whsec_${digest}`;
}

/** The runtime's variable for a scheme: `ATLAS_WEBHOOK_SECRETS_FRONT_DESK` for `frontDesk`. */
function secretsVariable(scheme: string): string {
  const words = scheme.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^A-Za-z0-9]+/g, '_');
  return `ATLAS_WEBHOOK_SECRETS_${words.toUpperCase()}`;
}

function schemesOf(root: string, service: string): readonly string[] {
  const file = join(root, 'generated/catalog.json');
  const catalog = existsSync(file) ? parseJson(readFileSync(file, 'utf8')) : {};
  const found = listIn(catalog, 'services').find((one) => isRecord(one) && one['name'] === service);
  const schemes = listIn(found, 'operations').flatMap((operation) => {
    const scheme = isRecord(operation) ? operation['webhook'] : undefined;
    return typeof scheme === 'string' ? [scheme] : [];
  });
  return [...new Set(schemes)];
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}
