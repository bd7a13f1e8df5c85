import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { Code, escapeToken, lit, type Message, type System } from '@atlas/ir';
import { newServiceFiles, plural, spellings, type NewService, type ReadMessage } from '@atlas/templates/init';
import { isMap, parseDocument } from 'yaml';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import { suggest } from '../document/suggest.ts';
import type { Workspace } from '../document/workspace.ts';
import { formatted } from '../emit/format.ts';
import { repositoryFolder, specsFolder } from '../pipeline.ts';
import { obstacles } from '../write/obstacles.ts';
import type { Change } from '../write/outputFolder.ts';
import { LOCK_FILE, readLockFile, withPackages } from './lockFile.ts';
import { checkAggregateName, checkServiceName } from './names.ts';

export interface ServiceWanted {
  readonly name: string;
  /** What it is about. The default is the service's name. */
  readonly aggregate: string | undefined;
  /** The message that it reads. The default is the first one of the system. */
  readonly reads: string | undefined;
}

export interface PlannedService {
  /** Absolute folder of the repository. */
  readonly root: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Relative to `root`; empty if there are findings. */
  readonly changes: readonly Change[];
  readonly reads: string | undefined;
}

/** Plans all files of a new service, and writes nothing. Throws a UsageError if a name cannot be used. */
export async function planService(
  { name, aggregate = name, reads }: ServiceWanted,
  workspace: Workspace,
  system: System,
  configPath: string,
): Promise<PlannedService> {
  checkServiceName(name);
  checkAggregateName(aggregate);
  const specs = specsFolder(workspace);
  const root = repositoryFolder(workspace);
  const read = readMessage(reads, system, workspace);
  const lock = await readLockFile(root);
  if (typeof lock === 'string') return refused(root, [noWorkspace(lock)]);
  const decisions = 'docs/adr';
  const service: NewService = {
    name,
    packageName: lit(workspace.config.packageName.replace('{service}', name)),
    one: spellings(aggregate),
    many: spellings(plural(aggregate)),
    reads: read,
    versions: { slonik: lock.slonik.specifier },
    decision: await nextDecision(join(root, decisions), name),
  };
  const files = newServiceFiles(service, { specs, services: 'services', decisions });
  const taken = [
    ...(await takenPlaces(root, [...files.keys(), `services/${name}`, posix.join(specs, 'avro', name)])),
    ...takenMessages(service, system, specs),
    ...(await obstacles(root, '.', [...files.keys()])),
  ];
  if (taken.length > 0) return refused(root, taken);
  const texts = await Promise.all(
    [...files].map(async ([path, text]): Promise<Change> => [path, await styled(path, text)]),
  );
  const config = posix.join(specs, basename(configPath));
  return {
    root,
    diagnostics: [],
    reads: read?.message.name,
    changes: [
      ...texts,
      [config, await styled(config, withService(await readFile(configPath, 'utf8'), name))],
      [LOCK_FILE, withPackages(lock, packagesOf(service, workspace, lock))],
      ...(await decisionList(root, decisions, service)),
    ],
  };
}

function refused(root: string, diagnostics: readonly Diagnostic[]): PlannedService {
  return { root, diagnostics, changes: [], reads: undefined };
}

/** Files that people own are formatted as atlas formats its own. SQL is not formatted. */
async function styled(path: string, text: string): Promise<string> {
  return path.endsWith('.sql') ? text : formatted(path, text);
}

/** The configuration with one more service at the end. Comments and format are kept. */
function withService(text: string, service: string): string {
  const document = parseDocument(text);
  const services = document.get('services', true);
  const entry = document.createNode({ openapi: `openapi/${service}.yaml`, asyncapi: `asyncapi/${service}.yaml` });
  entry.flow = true;
  if (isMap(services) && services.items.length > 0) {
    // A list in braces stays in braces, and a comment at the end stays at the end.
    services.add(document.createPair(service, entry));
  } else {
    const created = document.createNode({});
    created.flow = false;
    created.add(document.createPair(service, entry));
    document.set('services', created);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** The message that the new service reads, and the reference from its AsyncAPI document to the channel. */
function readMessage(wanted: string | undefined, system: System, { config }: Workspace): ReadMessage | undefined {
  const messages = system.services.flatMap(({ sends }) => sends);
  const message = wanted === undefined ? messages[0] : messages.find(({ name }) => name === wanted);
  if (!message) {
    if (wanted === undefined) return undefined;
    const names = messages.map(({ name }) => name);
    const near = suggest(wanted, names);
    const hint = near === undefined ? `the messages are ${names.join(', ')}` : `did you mean ${near}?`;
    throw new UsageError(
      `--reads ${wanted}: no service sends this message; ${names.length === 0 ? 'none sends any' : hint}`,
    );
  }
  return { message, channel: channelOf(message, system, config.services) };
}

function channelOf(message: Message, { topics }: System, services: Workspace['config']['services']): string {
  const topic = topics.find(({ name }) => name === message.topic);
  if (!topic) throw new Error(`the topic of ${message.name} is not in the model`);
  const file = services.find(({ name }) => name === topic.owner)?.asyncapi ?? topic.loc.file;
  const path = posix.relative('asyncapi', file);
  return `${path.startsWith('.') ? '' : './'}${encodeURI(path)}#/channels/${encodeURIComponent(escapeToken(topic.channel))}`;
}

async function takenPlaces(root: string, paths: readonly string[]): Promise<readonly Diagnostic[]> {
  const found = await Promise.all(
    paths.map(async (path) => ((await lstat(join(root, path)).catch(() => undefined)) ? [path] : [])),
  );
  return found.flat().map((file) => ({
    code: 'ATL7101',
    severity: 'error',
    message: 'the new service needs this path, but there is already something',
    loc: { file, line: 1, column: 1, pointer: '' },
    fix: 'choose another name for the service, or remove the existing one',
  }));
}

function takenMessages({ one }: NewService, system: System, specs: string): readonly Diagnostic[] {
  const wanted = new Set([`${one.Pascal.text}Opened`, `${one.Pascal.text}Closed`]);
  return system.services
    .flatMap(({ sends }) => sends)
    .filter(({ name }) => wanted.has(name))
    .map(({ name, loc }) => ({
      code: 'ATL7102',
      severity: 'error',
      message: `the new service would send ${name}, which is another service's message`,
      loc: { ...loc, file: posix.join(specs, loc.file) },
      fix: 'name what the service is about with --aggregate <name>',
    }));
}

function noWorkspace(message: string): Diagnostic {
  return {
    code: 'ATL7103',
    severity: 'error',
    message: `a service cannot be added to this workspace: ${message}`,
    loc: { file: LOCK_FILE, line: 1, column: 1, pointer: '' },
    fix: 'run pnpm install in a workspace that has the packages @atlas/runtime and @atlas/stack',
  };
}

function packagesOf(
  { name, packageName }: NewService,
  { config }: Workspace,
  lock: Exclude<Awaited<ReturnType<typeof readLockFile>>, string>,
): Parameters<typeof withPackages>[1] {
  const generated = posix.join(posix.basename(config.out), name);
  return [
    { folder: generated, dependencies: [['@atlas/runtime', lock.runtime]], devDependencies: [] },
    {
      folder: `services/${name}`,
      dependencies: [
        [packageName.text.slice(1, -1), generated],
        ['@atlas/runtime', lock.runtime],
        ['slonik', lock.slonik],
      ],
      devDependencies: [['@atlas/stack', lock.stack]],
    },
  ];
}

/** The next number in the folder of decision records. */
async function nextDecision(folder: string, name: string): Promise<NewService['decision']> {
  const files = await readdir(folder).catch(() => []);
  const last = Math.max(0, ...files.map((file) => Number(/^(\d{4})-/.exec(file)?.[1] ?? 0)));
  const number = String(last + 1).padStart(4, '0');
  return { number: new Code(number), file: new Code(`${number}-${name}-as-a-service.md`) };
}

/** The list of decision records with the new one at the end; nothing if there is no list. */
async function decisionList(root: string, folder: string, { name, decision }: NewService): Promise<readonly Change[]> {
  const path = posix.join(folder, 'README.md');
  const text = await readFile(join(root, path), 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const lines = text.split('\n');
  const last = lines.findLastIndex((line) => /^- \[\d{4}\. /.test(line));
  if (last === -1) return [];
  const title = `${decision.number.text}. ${spellings(name).Pascal.text} as a service`;
  return [[path, lines.toSpliced(last + 1, 0, `- [${title}](${decision.file.text})`).join('\n')]];
}
