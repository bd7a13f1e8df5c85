import { AtlasError } from '../contract/atlasError.ts';
import type { OperationContract } from '../contract/operation.ts';
import { webhookScheme } from '../http/webhook.ts';
import { webhookKey } from '../webhooks/signature.ts';

/** The keys of signed webhooks, by variable or by security scheme. */
export type WebhookKeys = ReadonlyMap<string, readonly Buffer[]>;

/** The beginning of the variables with the secrets of signed webhooks, one variable per security scheme. */
const SECRETS = 'ATLAS_WEBHOOK_SECRETS_';

/** One secret, and a second one while it is being replaced. */
const MAX_SECRETS = 2;

/** Turns `paymentWebhook` into `ATLAS_WEBHOOK_SECRETS_PAYMENT_WEBHOOK`. */
function secretsVariable(scheme: string): string {
  return `${SECRETS}${scheme
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()}`;
}

/**
 * Reads the variables of an environment, each with one secret or two separated by a comma. Adds what is wrong to
 * `faults`.
 */
export function webhookKeysIn(env: Readonly<Record<string, string | undefined>>, faults: string[]): WebhookKeys {
  const found = new Map<string, readonly Buffer[]>();
  for (const [name, value = ''] of Object.entries(env)) {
    if (!name.startsWith(SECRETS) || value.trim() === '') continue;
    const secrets = value.split(',').map((secret) => secret.trim());
    const keys = secrets.flatMap((secret) => webhookKey(secret) ?? []);
    if (keys.length === secrets.length && keys.length <= MAX_SECRETS) found.set(name, keys);
    else
      faults.push(`${name} is not one or two secrets, separated by a comma: whsec_ and the base64 of 24 to 64 bytes`);
  }
  return found;
}

/**
 * The keys of each security scheme by which requests of the service are signed. Throws `AtlasError` ATLAS_ENV if a
 * scheme has none.
 */
export function webhookKeysOf(operations: readonly OperationContract[], secrets: WebhookKeys): WebhookKeys {
  const schemes = new Set(operations.flatMap((operation) => webhookScheme(operation) ?? []));
  return new Map(
    [...schemes].map((scheme) => {
      const variable = secretsVariable(scheme);
      const keys = secrets.get(variable);
      if (keys === undefined)
        throw new AtlasError('ATLAS_ENV', `environment variables are missing: ${variable} is not set`);
      return [scheme, keys];
    }),
  );
}
