import { hash } from 'node:crypto';
import type { Code, HttpApi, JsonValue, Loc, StatusRange, System } from '@atlas/ir';
import {
  contractFile,
  doublePackageJson,
  indexFile,
  packageJson,
  roleGroupsFile,
  withHeader,
} from '@atlas/templates/package';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Content, Kind, PlannedFile } from '../plan/plannedFile.ts';
import { documentHash } from '../jsonschema/json.ts';
import { catalog } from './catalog.ts';
import { formatted, formattedAll, isLong } from './format.ts';

export interface EmittedFile {
  readonly path: string;
  readonly service: string | undefined;
  /** The spec and the JSON Pointer that it comes from, as its header shows them. */
  readonly source: string;
  readonly text: string;
  /** Present if a later run may reuse the text: equal recipes give equal texts. */
  readonly recipe?: string;
}

export interface EmitOptions {
  readonly system: System;
  /** The configuration's folder in the repository, which headers show before the path of a spec. */
  readonly folder: string;
  /** Texts that are slow to generate, by recipe. The runs of a watch share it, and it is filled from disk. */
  readonly textCache: Map<string, string>;
}

export interface EmitResult {
  readonly files: readonly EmittedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Generates the text of every planned file. */
export async function emit(plan: readonly PlannedFile[], options: EmitOptions): Promise<EmitResult> {
  const drafts = new Map<string, Draft>();
  const diagnostics: Diagnostic[] = [];
  for (const planned of typesFirst(plan)) {
    const { draft, found } = await draftOf(planned, options);
    diagnostics.push(...found);
    drafts.set(planned.path, draft);
  }
  const short = [...drafts.values()].filter(({ isFormatted }) => !isFormatted);
  const texts = await formattedAll(short.map(({ file }) => file));
  for (const [index, draft] of short.entries()) drafts.set(draft.file.path, withText(draft, texts[index]));
  const files = plan
    .flatMap(({ path }) => drafts.get(path) ?? [])
    .map(({ file, cacheAs }): EmittedFile => {
      if (cacheAs !== undefined) options.textCache.set(cacheAs, file.text);
      return file;
    });
  return { files, diagnostics };
}

/**
 * The plan with the types before everything else: nothing takes as much memory as the formatter does for the types of a
 * large document, so they are formatted while no other text is held.
 */
function typesFirst(plan: readonly PlannedFile[]): readonly PlannedFile[] {
  const isTypes = ({ content }: PlannedFile): boolean => content.kind === 'http-types';
  return [...plan.filter(isTypes), ...plan.filter((planned) => !isTypes(planned))];
}

/** A file whose text may still have to be formatted. */
interface Draft {
  readonly file: EmittedFile;
  readonly isFormatted: boolean;
  /** The recipe under which its text is kept in the cache. */
  readonly cacheAs: string | undefined;
}

/** Generates one text. A long one is formatted at once, so that nobody holds it twice. */
async function draftOf(
  { path, service, loc, content, source: place = placeOf(loc) }: PlannedFile,
  { system, folder, textCache }: EmitOptions,
): Promise<{ readonly draft: Draft; readonly found: readonly Diagnostic[] }> {
  const source = `${folder === '' ? '' : `${folder}/`}${place}`;
  const recipe = recipeOf(path, content);
  const known = recipe === undefined ? undefined : textCache.get(recipe);
  const found: Diagnostic[] = [];
  const text = known ?? (await textOf(source, content, { system, found }));
  const file = {
    path,
    service,
    source,
    text,
    ...(recipe !== undefined && writers[content.kind].caching?.isLasting ? { recipe } : {}),
  };
  const isFormatted = known !== undefined || writers[content.kind].language !== 'typescript';
  const draft = { file, isFormatted, cacheAs: found.length === 0 ? recipe : undefined };
  return { draft: isFormatted || !isLong(text) ? draft : withText(draft, await formatted(path, text)), found };
}

function withText(draft: Draft, text = draft.file.text): Draft {
  return { ...draft, file: { ...draft.file, text }, isFormatted: true };
}

async function textOf<Of extends Kind>(source: string, content: Content<Of>, context: Context): Promise<string> {
  const writer: Writer<Of> = writers[content.kind];
  const body = await writer.write(content, context);
  return writer.language === 'typescript' ? withHeader(source, body) : String(body);
}

function placeOf({ file, pointer }: Loc): string {
  return pointer === '' ? file : `${file}#${pointer}`;
}

/** Raise the number if types.ts gives other text for the same document, because later runs reuse texts by recipe. */
const RECIPE = 'types, 5';

/** The key of a text in the cache: equal recipes give equal texts. Undefined for texts that are not cached. */
function recipeOf<Of extends Kind>(path: string, content: Content<Of>): string | undefined {
  const writer: Writer<Of> = writers[content.kind];
  if (!writer.caching) return undefined;
  const made = JSON.stringify([RECIPE, path, writer.caching.madeFrom(content)]);
  return hash('sha256', made).slice(0, 16);
}

/** How one kind of file is written. */
export interface Writer<Of extends Kind> {
  /** TypeScript gets a header and is formatted; other text is left as it is. */
  readonly language: 'typescript' | 'other';
  write(content: Content<Of>, context: Context): Code | string | Promise<Code | string>;
  /** Present if the text is slow to generate. */
  readonly caching?: {
    /** Everything that the text depends on. */
    madeFrom(content: Content<Of>): JsonValue;
    /** Whether later runs may reuse the text from disk. If not, only runs of the same process reuse it. */
    readonly isLasting: boolean;
  };
}

export interface Context {
  readonly system: System;
  /** Writers add their findings. */
  readonly found: Diagnostic[];
}

function fromDocument({ api: { wireDocument } }: { readonly api: HttpApi<StatusRange> }): JsonValue {
  return documentHash(wireDocument);
}

/** The code of some kinds, which is loaded with the first file of the kind, because modules take time. */
const load = {
  client: () => import('@atlas/templates/client'),
  foreign: () => import('@atlas/templates/foreign'),
  gateway: () => import('@atlas/templates/gateway'),
  http: () => import('@atlas/templates/http'),
  serializers: () => import('./http/serializers.ts'),
  types: () => import('./http/types.ts'),
  validators: () => import('./http/validators.ts'),
} as const;

/** To add a kind of file, add it here and to `Contents`, and list its files in `plan`. */
export const writers: { readonly [Of in Kind]: Writer<Of> } = {
  'package-json': { language: 'other', write: ({ service, name }) => packageJson(service, name) },
  index: { language: 'typescript', write: ({ service }) => indexFile(service) },
  contract: { language: 'typescript', write: ({ service }) => contractFile(service) },
  'role-groups': { language: 'typescript', write: ({ groups }) => roleGroupsFile(groups) },
  'http-document': { language: 'other', write: ({ api }) => `${JSON.stringify(api.document, null, 2)}\n` },
  'http-types': {
    language: 'typescript',
    write: async ({ api }) => (await load.types()).typesModule(api),
    caching: { madeFrom: fromDocument, isLasting: true },
  },
  'http-operation': {
    language: 'typescript',
    write: async ({ operation, service }) => (await load.http()).operationFile(operation, service),
  },
  'http-operations': { language: 'typescript', write: async ({ api }) => (await load.http()).operationsFile(api) },
  validators: {
    language: 'typescript',
    write: ({ api }, { found }) => validators(api, found),
    caching: { madeFrom: fromDocument, isLasting: false },
  },
  'validators-declaration': {
    language: 'typescript',
    write: async ({ api }) => (await load.validators()).validatorsDeclaration(api),
  },
  serializers: {
    language: 'typescript',
    write: async ({ api }) => (await load.serializers()).serializersModule(api),
    caching: { madeFrom: fromDocument, isLasting: false },
  },
  'serializers-declaration': {
    language: 'typescript',
    write: async ({ api }) => (await load.serializers()).serializersDeclaration(api),
  },
  client: { language: 'typescript', write: async ({ service, api }) => (await load.client()).clientFile(service, api) },
  'foreign-client': {
    language: 'typescript',
    write: async ({ name, api }) => (await load.foreign()).foreignClientFile(name, api),
  },
  webhooks: { language: 'typescript', write: async ({ api }) => (await load.foreign()).webhooksFile(api) },
  'double-package-json': { language: 'other', write: ({ name, api }) => doublePackageJson(name, api) },
  event: { language: 'typescript', write: ({ file }) => file.body() },
  later: { language: 'typescript', write: ({ file }) => file.body() },
  outbox: { language: 'other', write: ({ file }) => file.text },
  catalog: { language: 'other', write: (_, { system }) => catalog(system) },
  'gateway-package': { language: 'other', write: async ({ name }) => (await load.gateway()).gatewayPackage(name) },
  'gateway-index': {
    language: 'typescript',
    write: async ({ gateway }) => (await load.gateway()).gatewayIndex(gateway),
  },
  'gateway-routes': {
    language: 'typescript',
    write: async ({ gateway, service }) => (await load.gateway()).routesFile(gateway, service),
  },
  'gateway-document': { language: 'other', write: ({ gateway }) => `${JSON.stringify(gateway.document, null, 2)}\n` },
};

async function validators(api: HttpApi<StatusRange>, found: Diagnostic[]): Promise<string> {
  const { validatorsModule } = await load.validators();
  const { text, failures } = await validatorsModule(api);
  for (const { part, message } of failures)
    found.push({
      code: 'ATL6004',
      severity: 'error',
      message: `the schema of ${part.name} cannot be compiled: ${message}`,
      loc: part.loc,
      fix: 'simplify the schema',
    });
  return text;
}
