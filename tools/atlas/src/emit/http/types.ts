import type { HttpApi } from '@atlas/ir';

/**
 * http/types.ts by openapi-typescript, loaded only here (0.4 s). Everything is readonly: a handler may be run again, so
 * its input must stay as it was. A default makes nothing required: bodies are not filled in.
 */
export async function typesModule(api: HttpApi): Promise<string> {
  const { default: openapiTypescript, astToString } = await import('openapi-typescript');
  const document = JSON.stringify(api.document);
  const nodes = await openapiTypescript(document, { immutable: true, silent: true, defaultNonNullable: false });
  return astToString(nodes);
}
