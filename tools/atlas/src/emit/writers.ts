import type { Code, HttpApi, JsonValue, System } from '@atlas/ir';
import { clientFile } from '@atlas/templates/client';
import { operationFile, operationsFile } from '@atlas/templates/http';
import { contractFile, indexFile, packageJson } from '@atlas/templates/package';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Content, Kind } from '../plan/plannedFile.ts';
import { catalog } from './catalog.ts';
import { serializersDeclaration, serializersModule } from './http/serializers.ts';
import { typesModule } from './http/types.ts';
import { validatorsDeclaration, validatorsModule } from './http/validators.ts';

/** How one kind of file is written. */
export interface Writer<Of extends Kind> {
  /** TypeScript gets a header and is formatted. */
  readonly language: 'typescript' | 'other';
  write(content: Content<Of>, context: Context): Code | string | Promise<Code | string>;
  /** Present if the text is slow to generate. */
  readonly caching?: {
    /** Everything that the text depends on. */
    madeFrom(content: Content<Of>): JsonValue;
    /** Whether later runs may reuse the text from disk. Otherwise only runs of the same process do. */
    readonly isLasting: boolean;
  };
}

export interface Context {
  readonly system: System;
  /** Writers add their findings. */
  readonly found: Diagnostic[];
}

const fromDocument = ({ api }: { readonly api: HttpApi }): JsonValue => api.wireDocument;

/** To add a kind of file, add it here and to `Contents`, and list its files in `plan`. */
export const writers: { readonly [Of in Kind]: Writer<Of> } = {
  'package-json': { language: 'other', write: ({ service, name }) => packageJson(service, name) },
  index: { language: 'typescript', write: ({ service }) => indexFile(service) },
  contract: { language: 'typescript', write: ({ service }) => contractFile(service) },
  'http-document': { language: 'other', write: ({ api }) => `${JSON.stringify(api.document, null, 2)}\n` },
  'http-types': {
    language: 'typescript',
    write: ({ api }) => typesModule(api),
    caching: { madeFrom: fromDocument, isLasting: true },
  },
  'http-operation': { language: 'typescript', write: ({ operation }) => operationFile(operation) },
  'http-operations': { language: 'typescript', write: ({ api }) => operationsFile(api) },
  validators: {
    language: 'typescript',
    write: ({ api }, { found }) => validators(api, found),
    caching: { madeFrom: fromDocument, isLasting: false },
  },
  'validators-declaration': { language: 'typescript', write: ({ api }) => validatorsDeclaration(api) },
  serializers: {
    language: 'typescript',
    write: ({ api }) => serializersModule(api),
    caching: { madeFrom: fromDocument, isLasting: false },
  },
  'serializers-declaration': { language: 'typescript', write: ({ api }) => serializersDeclaration(api) },
  client: { language: 'typescript', write: ({ service, api }) => clientFile(service, api) },
  event: { language: 'typescript', write: ({ file }) => file.body() },
  outbox: { language: 'other', write: ({ file }) => file.text },
  catalog: { language: 'other', write: (_, { system }) => catalog(system) },
};

async function validators(api: HttpApi, found: Diagnostic[]): Promise<string> {
  const { text, failures } = await validatorsModule(api);
  for (const { part, message } of failures)
    found.push({
      code: 'ATL6004',
      severity: 'error',
      message: `the schema of ${part.name} can not be compiled: ${message}`,
      loc: part.operation.loc,
      fix: 'simplify the schema',
    });
  return text;
}
