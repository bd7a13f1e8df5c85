import type { HttpApi } from '@atlas/ir';
import type { GlobalContext, OpenAPI3 } from 'openapi-typescript';
import { typesDocument } from './typesDocument.ts';

/**
 * http/types.ts by openapi-typescript, which takes 0.4 s to load. Everything is readonly, because a handler may run
 * again with the same input. A property with a default stays optional, because defaults are not filled into bodies.
 *
 * It gets a document of our own making, without its own loader: that one follows every `$ref`, also in examples and
 * other data, to files and to the network, and writes what it finds into the types.
 */
export async function typesModule(api: Pick<HttpApi, 'wireDocument'>): Promise<string> {
  const { transformSchema, scanDiscriminators, resolveRef, astToString } = await import('openapi-typescript');
  const { document, restore } = typesDocument(api.wireDocument);
  if (!isOpenapi(document)) return '';
  const silent = true;
  const context: Omit<GlobalContext, 'redoc'> = {
    ...OPTIONS,
    silent,
    discriminators: scanDiscriminators(document, { silent }),
    injectFooter: [],
    transform: undefined,
    transformProperty: undefined,
    postTransform: undefined,
    resolve: (ref) => resolveRef(document, ref, { silent }),
  };
  // cast: `redoc` is the configuration of the loader, and the transformation does not read it
  return plain(lenient(restore(astToString(transformSchema(document, context as GlobalContext)))));
}

/** The tool's helper refuses members of a type that may also be null, or that no branch of it has. */
function lenient(text: string): string {
  const changed = text.replace(
    /type WithRequired<T, K extends keyof T> = T & \{\s*\[P in K\]-\?: T\[P\];\s*\};/,
    'type WithRequired<T, K extends PropertyKey> = T extends object ? T & { [P in K & keyof T]-?: T[P] } : T;',
  );
  if (changed.includes('K extends keyof T')) throw new Error('openapi-typescript has another helper than atlas knows');
  return changed;
}

const OPTIONS = {
  additionalProperties: false,
  alphabetize: false,
  arrayLength: false,
  conditionalEnums: false,
  dedupeEnums: false,
  defaultNonNullable: false,
  emptyObjectsUnknown: false,
  enum: false,
  enumValues: false,
  excludeDeprecated: false,
  exportType: false,
  generatePathParams: false,
  immutable: true,
  makePathsEnum: false,
  pathParamsAsTypes: false,
  propertiesRequiredByDefault: false,
  readWriteMarkers: false,
  rootTypes: false,
  rootTypesKeepCasing: false,
  rootTypesNoSchemaPrefix: false,
} as const;

/** The package's types want the members of OpenAPI; its code reads any document that the standard's schema accepts. */
function isOpenapi(document: object): document is OpenAPI3 {
  return typeof document === 'object';
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
