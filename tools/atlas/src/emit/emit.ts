import { createHash } from 'node:crypto';
import type { Code, HttpApi, Message, System } from '@atlas/ir';
import { clientFile } from '@atlas/templates/client';
import {
  codecFile,
  consumerFile,
  consumerSource,
  consumersFile,
  messageFile,
  messageSource,
  producersFile,
  tablesSource,
} from '@atlas/templates/events';
import { operationFile, operationsFile } from '@atlas/templates/http';
import { contractFile, header, indexFile, packageJson } from '@atlas/templates/package';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CompiledPart, PlannedFile } from '../plan/index.ts';
import { catalog } from './catalog.ts';
import { formatted } from './format.ts';
import { serializersDeclaration, serializersModule } from './http/serializers.ts';
import { typesModule } from './http/types.ts';
import { validatorsDeclaration, validatorsModule } from './http/validators.ts';

export interface EmittedFile {
  readonly path: string;
  readonly service: string | undefined;
  /** The spec and JSON pointer it came from, as the header shows it. */
  readonly source: string;
  readonly text: string;
  /** What the slowest text was made of: equal recipes give equal texts, also in another run. */
  readonly recipe?: string;
}

export interface EmitOptions {
  readonly system: System;
  /** Put before each spec's path in headers: the configuration's folder as seen from the repository. */
  readonly folder: string;
  /** Texts that are slow to make, by recipe: kept between the runs of a watch, and filled from disk where they are right. */
  readonly slow: Map<string, string>;
}

export interface EmitResult {
  readonly files: readonly EmittedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether making the text may find something: a schema that only the compiler refuses. */
export function mayRefuse({ content }: PlannedFile): boolean {
  return content.kind === 'http-compiled' && content.part === 'validators' && !content.declaration;
}

/** The text of every planned file, or what stands against it. */
export async function emit(plan: readonly PlannedFile[], options: EmitOptions): Promise<EmitResult> {
  const emitter = new Emitter(options);
  const files: EmittedFile[] = [];
  for (const file of plan) files.push(await emitter.file(file));
  return { files, diagnostics: emitter.diagnostics };
}

class Emitter {
  readonly diagnostics: Diagnostic[] = [];
  readonly #options: EmitOptions;

  constructor(options: EmitOptions) {
    this.#options = options;
  }

  async file(file: PlannedFile): Promise<EmittedFile> {
    const source = sourceOf(file, this.#options);
    const recipe = recipeOf(file);
    const known = recipe === undefined ? undefined : this.#options.slow.get(recipe);
    const text = known ?? (await this.#text(file, source));
    if (recipe !== undefined && this.diagnostics.length === 0) this.#options.slow.set(recipe, text);
    const kept = recipe !== undefined && file.content.kind === 'http-types' ? { recipe } : {};
    return { path: file.path, service: file.service, source, text, ...kept };
  }

  async #text({ path, content }: PlannedFile, source: string): Promise<string> {
    const typescript = (text: Code | string): Promise<string> =>
      formatted(path, `${header(source).text}\n${String(text)}`);
    switch (content.kind) {
      case 'package-json':
        return packageJson(content.service, content.name);
      case 'index':
        return typescript(indexFile(content.service));
      case 'contract':
        return typescript(contractFile(content.service));
      case 'http-types':
        return typescript(await typesModule(content.api));
      case 'http-operation':
        return typescript(operationFile(content.operation));
      case 'http-operations':
        return typescript(operationsFile(content.api));
      case 'http-document':
        return `${JSON.stringify(content.api.document, null, 2)}\n`;
      case 'http-compiled':
        return typescript(
          content.declaration
            ? DECLARATIONS[content.part](content.api)
            : await this.#compiled(content.api, content.part),
        );
      case 'message':
        return typescript(messageFile(content.message));
      case 'codec':
        return typescript(codecFile(content.message));
      case 'consumer':
        return typescript(consumerFile(content.receive));
      case 'producers':
        return typescript(producersFile(content.service));
      case 'consumers':
        return typescript(consumersFile(content.service));
      case 'outbox':
        return content.text;
      case 'client':
        return typescript(clientFile(content.service, content.api));
      case 'catalog':
        return catalog(this.#options.system);
    }
  }

  async #compiled(api: HttpApi, part: CompiledPart): Promise<string> {
    if (part === 'serializers') return serializersModule(api);
    const { text, failures } = await validatorsModule(api);
    for (const { part: failed, message } of failures)
      this.diagnostics.push({
        code: 'ATL6004',
        severity: 'error',
        message: `the schema of ${failed.name} does not compile: ${message}`,
        loc: failed.operation.loc,
        fix: 'simplify the schema',
      });
    return text;
  }
}

const DECLARATIONS = { validators: validatorsDeclaration, serializers: serializersDeclaration } as const;

/** The place of a spec that a file comes from, as its header says it. */
function sourceOf(file: PlannedFile, { folder, system }: EmitOptions): string {
  return `${folder === '' ? '' : `${folder}/`}${placeOf(file, system)}`;
}

/**
 * Event files name a place in the AsyncAPI document of their own service, also for what another service owns: the official
 * generator, which renders them too, knows no other document.
 */
function placeOf({ loc, content }: PlannedFile, system: System): string {
  if (content.kind === 'message' || content.kind === 'codec')
    return messageSource(content.service, content.message, channelOf(system, content.message));
  if (content.kind === 'consumer') return consumerSource(content.service, content.receive);
  if (content.kind === 'producers' || content.kind === 'consumers') return tablesSource(content.service);
  return loc.pointer === '' ? loc.file : `${loc.file}#${loc.pointer}`;
}

/** The key of a message's channel in the document that owns it. */
function channelOf({ topics }: System, { topic }: Message): string {
  return topics.find(({ name }) => name === topic)?.channel ?? topic;
}

/** To be raised when types.ts would change for the same document: the manifest vouches for it across versions of atlas. */
const RECIPE = 'openapi-typescript 7.13.0, 2';

function recipeOf({ path, content }: PlannedFile): string | undefined {
  if (content.kind !== 'http-types' && content.kind !== 'http-compiled') return undefined;
  const made = JSON.stringify([RECIPE, path, content.api.wireDocument]);
  return createHash('sha256').update(made).digest('hex').slice(0, 16);
}
