import type { HttpApi } from '@atlas/ir';
import { withoutInherited } from './inheritedNames.ts';

/**
 * http/types.ts by openapi-typescript, which takes 0.4 s to load. Everything is readonly, because a handler may run
 * again with the same input. A property with a default stays optional, because defaults are not filled into bodies.
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
 * Removes control characters, which make a file binary to git, and escapes U+2028 and U+2029, which editors show as the
 * end of a line. Literals have control characters escaped already, so that those left are in comments.
 */
function plain(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ')
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}
