import type { ServiceContract } from '@atlas/runtime';
import { SERVICES } from './services.ts';

/** The generated contract of each service, in the order of the services. */
export const CONTRACTS: readonly ServiceContract[] = await Promise.all(SERVICES.map(contractOf));

async function contractOf(service: string): Promise<ServiceContract> {
  // Loaded by path, because otherwise package.json would have to list the package of each service.
  const { href } = new URL(`../../../../generated/${service}/index.ts`, import.meta.url);
  const generated: unknown = await import(href);
  if (!hasContract(generated)) throw new Error(`${href} has no contract: run "npx atlas generate"`);
  return generated.contract;
}

/** Atlas writes these files and checks them for drift, so it is enough to see that the contract exists. */
function hasContract(value: unknown): value is { readonly contract: ServiceContract } {
  return typeof value === 'object' && value !== null && 'contract' in value;
}
