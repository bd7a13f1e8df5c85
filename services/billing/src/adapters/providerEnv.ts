import type { PaymentProvider } from '../ports.ts';
import { pspProvider } from './pspProvider.ts';

/**
 * The provider of an environment: PAYMENT_PROVIDER_URL is its address, PAYMENT_PROVIDER_KEY the secret API key.
 * Undefined without both of them. Throws with the name of the one that is missing.
 */
export function providerIn(env: Readonly<Record<string, string | undefined>>): PaymentProvider | undefined {
  const baseUrl = env['PAYMENT_PROVIDER_URL']?.trim() ?? '';
  const token = env['PAYMENT_PROVIDER_KEY']?.trim() ?? '';
  if (baseUrl === '' && token === '') return undefined;
  if (baseUrl === '' || token === '')
    throw new Error(`${baseUrl === '' ? 'PAYMENT_PROVIDER_URL' : 'PAYMENT_PROVIDER_KEY'} is not set, but the other is`);
  return pspProvider({ baseUrl, token });
}
