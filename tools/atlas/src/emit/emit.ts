import { createHash } from 'node:crypto';
import type { Loc, System } from '@atlas/ir';
import { withHeader } from '@atlas/templates/package';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Content, Kind, PlannedFile } from '../plan/plannedFile.ts';
import { formatted } from './format.ts';
import { writers, type Context, type Writer } from './writers.ts';

export interface EmittedFile {
  readonly path: string;
  readonly service: string | undefined;
  /** The spec and JSON pointer it came from, as the header shows it. */
  readonly source: string;
  readonly text: string;
  /** Of a text that a later run may take over instead of making it: equal recipes give equal texts. */
  readonly recipe?: string;
}

export interface EmitOptions {
  readonly system: System;
  /** Put before each spec's path in headers: the configuration's folder as seen from the repository. */
  readonly folder: string;
  /** Texts that are slow to generate, by recipe: kept between the runs of a watch, and filled from disk. */
  readonly textCache: Map<string, string>;
}

export interface EmitResult {
  readonly files: readonly EmittedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The text of every planned file, or what is wrong with it. */
export async function emit(plan: readonly PlannedFile[], options: EmitOptions): Promise<EmitResult> {
  const files: EmittedFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { path, service, loc, content, source: place = placeOf(loc) } of plan) {
    const source = `${options.folder === '' ? '' : `${options.folder}/`}${place}`;
    const recipe = recipeOf(path, content);
    const known = recipe === undefined ? undefined : options.textCache.get(recipe);
    const found: Diagnostic[] = [];
    const text = known ?? (await textOf(path, source, content, { system: options.system, found }));
    if (recipe !== undefined && found.length === 0) options.textCache.set(recipe, text);
    diagnostics.push(...found);
    files.push({
      path,
      service,
      source,
      text,
      ...(recipe !== undefined && writers[content.kind].caching?.isLasting ? { recipe } : {}),
    });
  }
  return { files, diagnostics };
}

/** Whether making the text may find something: a schema that only the compiler refuses. */
export function mayRefuse({ content }: PlannedFile): boolean {
  return writers[content.kind].mayRefuse === true;
}

async function textOf<Of extends Kind>(
  path: string,
  source: string,
  content: Content<Of>,
  context: Context,
): Promise<string> {
  const writer: Writer<Of> = writers[content.kind];
  const body = await writer.write(content, context);
  return writer.language === 'typescript' ? formatted(path, withHeader(source, body)) : String(body);
}

function placeOf({ file, pointer }: Loc): string {
  return pointer === '' ? file : `${file}#${pointer}`;
}

/** To be raised when types.ts would change for the same document: the manifest vouches for it across versions of atlas. */
const RECIPE = 'openapi-typescript 7.13.0, 2';

/** What identifies a slow text: equal recipes give equal texts. Undefined for a text that is quick to make. */
function recipeOf<Of extends Kind>(path: string, content: Content<Of>): string | undefined {
  const writer: Writer<Of> = writers[content.kind];
  if (!writer.caching) return undefined;
  const made = JSON.stringify([RECIPE, path, writer.caching.madeFrom(content)]);
  return createHash('sha256').update(made).digest('hex').slice(0, 16);
}
