import { lstat, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { consumersOf, lit, type Service, type System } from '@atlas/ir';
import { handlerFile, type LackingHandler } from '@atlas/templates/init';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import { suggest } from '../document/suggest.ts';
import type { Workspace } from '../document/workspace.ts';
import { formatted } from '../emit/format.ts';
import { repositoryFolder } from '../pipeline.ts';
import type { Change } from '../write/outputFolder.ts';
import { mainWith } from './mainWith.ts';

export interface HandlerWanted {
  /** An operationId, or the name of the handler of a message, a timer or an effect. */
  readonly name: string;
  /** Required if several services lack a handler of this name. */
  readonly service: string | undefined;
}

export interface PlannedHandler {
  /** Absolute folder of the repository. */
  readonly root: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Relative to `root`; empty if there are findings. */
  readonly changes: readonly Change[];
  /** The service that gets the handler. */
  readonly service: string;
  readonly table: LackingHandler['table'];
}

/** A handler that the specs have, but neither the `main.ts` of its service nor a file that this imports. */
interface Lacking extends LackingHandler {
  readonly service: string;
  /** Relative to the root. */
  readonly main: string;
  readonly text: string;
}

/**
 * Plans the file of one handler and its entry in `main.ts`, and writes nothing. Throws a UsageError for a wrong name.
 */
export async function planHandler(
  { name, service }: HandlerWanted,
  workspace: Workspace,
  system: System,
): Promise<PlannedHandler> {
  const root = repositoryFolder(workspace);
  const wanted = await chosen(root, system, name, service);
  const { main, text, table } = wanted;
  const file = `services/${wanted.service}/src/app/${name}.ts`;
  const planned = { root, service: wanted.service, table, diagnostics: [], changes: [] };
  const refused = (diagnostic: Diagnostic): PlannedHandler => ({ ...planned, diagnostics: [diagnostic] });
  if (await lstat(join(root, file)).catch(() => undefined)) return refused(taken(file));
  const wired = mainWith(text, wanted);
  if (wired === undefined) return refused(otherForm(main, wanted));
  const packageName = lit(workspace.config.packageName.replace('{service}', wanted.service));
  return {
    ...planned,
    changes: [
      [file, await formatted(file, handlerFile(packageName, wanted).text)],
      [main, await formatted(main, wired)],
    ],
  };
}

async function chosen(root: string, system: System, name: string, service: string | undefined): Promise<Lacking> {
  const names = system.services.map((one) => one.name);
  if (service !== undefined && !names.includes(service))
    throw new UsageError(`--service ${service}: there is no such service; the services are ${names.join(', ')}`);
  const services = system.services.filter((one) => service === undefined || one.name === service);
  const all = (await Promise.all(services.map((one) => lackingIn(root, one)))).flat();
  const found = all.filter((one) => one.name === name);
  const [first, second] = found;
  if (first && !second) return first;
  if (second)
    throw new UsageError(
      `${found.map((one) => one.service).join(' and ')} lack ${name}: choose one with --service <name>`,
    );
  const near = suggest(
    name,
    all.map((one) => one.name),
  );
  if (near !== undefined) throw new UsageError(`no service lacks a handler ${name}: did you mean ${near}?`);
  const lacking = all.map((one) => `${one.name} of ${one.service}`).join(', ');
  throw new UsageError(
    `no service lacks a handler ${name}; ${lacking === '' ? 'every handler of the specs exists' : `missing are ${lacking}`}`,
  );
}

/** The handlers that a service lacks. A service without a `main.ts` is not handled here. */
async function lackingIn(root: string, service: Service): Promise<readonly Lacking[]> {
  const main = `services/${service.name}/src/main.ts`;
  const text = await readFile(join(root, main), 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const words = new Set(
    [text, ...(await importedBy(join(root, main), text))].flatMap((one) => one.match(/[\w$]+/g) ?? []),
  );
  return handlersOf(service)
    .filter(({ name }) => !words.has(name))
    .map((handler) => ({ ...handler, service: service.name, main, text }));
}

/** The files of the service that its `main.ts` imports, because a table of handlers may be in one of them. */
async function importedBy(main: string, text: string): Promise<readonly string[]> {
  const files = [...text.matchAll(/from '(\.{1,2}\/[^']+)'/g)].map(([, file = '']) => join(dirname(main), file));
  return Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
}

function handlersOf(service: Service): readonly LackingHandler[] {
  const { http, timers, effects } = service;
  return [
    ...(http?.operations ?? []).map(({ id, summary }) => ({ name: id, table: 'handlers', summary }) as const),
    ...consumersOf(service).map(
      ({ handler: name, first: { summary, batch } }) =>
        ({ name, table: 'consumers', summary, ...(batch ? { sets: true } : {}) }) as const,
    ),
    ...timers.map(({ handler, summary }) => ({ name: handler, table: 'timers', summary }) as const),
    ...effects.map(({ name, summary }) => ({ name, table: 'effects', summary }) as const),
  ];
}

function taken(file: string): Diagnostic {
  return {
    code: 'ATL7101',
    severity: 'error',
    message: 'the new handler needs this path, but there is already something',
    loc: { file, line: 1, column: 1, pointer: '' },
    fix: `add it to ${posix.join(posix.dirname(file), '../main.ts')}, or remove it`,
  };
}

function otherForm(main: string, { name, table }: LackingHandler): Diagnostic {
  return {
    code: 'ATL7104',
    severity: 'error',
    message: `the handler cannot be added to ${table}, because the file is not written as atlas writes it`,
    loc: { file: main, line: 1, column: 1, pointer: '' },
    fix: `put "${table}: {" of runService and its closing brace on lines of their own, or write src/app/${name}.ts by hand`,
  };
}
