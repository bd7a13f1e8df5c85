import { AtlasError } from '../contract/atlasError.ts';
import type { OperationContract } from '../contract/operation.ts';
import { webhookScheme } from '../http/webhook.ts';
import { webhookKey } from '../webhooks/signature.ts';

/** The beginning of the variables with the secrets of signed webhooks, one variable per security scheme. */
export const SECRETS = 'ATLAS_WEBHOOK_SECRETS_';

/** `paymentWebhook` as `ATLAS_WEBHOOK_SECRETS_PAYMENT_WEBHOOK`. */
export function secretsVariable(scheme: string): string {
  return `${SECRETS}${scheme
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()}`;
}

/** The keys in the value of such a variable: one or two secrets, separated by a comma. Undefined for other values. */
export function webhookKeysIn(value: string): readonly Buffer[] | undefined {
  const secrets = value.split(',').map((secret) => secret.trim());
  const keys = secrets.flatMap((secret) => webhookKey(secret) ?? []);
  return keys.length === secrets.length && keys.length <= 2 ? keys : undefined;
}

/**
 * The keys of each security scheme by which requests of the service are signed. Throws `AtlasError` ATLAS_ENV if a
 * scheme has none.
 */
export function webhookKeysOf(
  operations: readonly OperationContract[],
  secrets: ReadonlyMap<string, readonly Buffer[]>,
): ReadonlyMap<string, readonly Buffer[]> {
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
