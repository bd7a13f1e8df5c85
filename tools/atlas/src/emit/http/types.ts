import type { HttpApi } from '@atlas/ir';
import { withoutInherited } from './inheritedNames.ts';

/**
 * http/types.ts by openapi-typescript, loaded only here (0.4 s). Everything is readonly: a handler may be run again, so
 * its input must stay as it was. A default makes nothing required: bodies are not filled in.
 */
export async function typesModule(api: HttpApi): Promise<string> {
  const { default: openapiTypescript, astToString } = await import('openapi-typescript');
  const { document, restore } = withoutInherited(api.wireDocument);
  const nodes = await openapiTypescript(JSON.stringify(document), {
    immutable: true,
    silent: true,
    defaultNonNullable: false,
  });
  return plain(restore(astToString(nodes)));
}

/**
 * Without the characters that make a file binary to git or hide a line's end from its reader. Literals have the first sort
 * escaped, so those left stand in comments; the second sort stands in literals.
 */
function plain(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ')
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}
