import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { externalServers } from '../external.ts';
import type { StackInfo } from '../info.ts';
import { isRecord, parseJson } from '../json.ts';
import { withAdmin } from '../kafka/admin.ts';
import { type Layout, layoutOf } from '../layout.ts';
import { deployContracts } from './contracts.ts';
import type { DeployOptions } from './options.ts';

/** What the servers had after the contracts of these files were deployed. */
interface Note {
  /** Of the files that say what to register. */
  readonly digest: string;
  readonly topics: readonly string[];
  readonly subjects: readonly string[];
}

/**
 * Like `deployContracts`, which loads the whole toolkit and asks the registry about each schema. But it does nothing if
 * the stack's own servers have all topics and subjects of the last time and no spec has changed since. Resolves to
 * whether it has deployed. Servers that the environment names are always asked, because others may change them.
 */
export async function ensureContracts(info: StackInfo, options: DeployOptions = {}): Promise<boolean> {
  const layout = layoutOf(options.root);
  const { namespace = '' } = options;
  const { kafka, registry } = externalServers();
  if (kafka !== undefined || registry !== undefined) {
    await deployContracts(info, options);
    return true;
  }
  const folder = join(layout.data, 'registered');
  const file = join(folder, `${namespace}.json`);
  const digest = digestOf(layout);
  const noted = noteIn(file);
  if (noted?.digest === digest && (await hasAll(info, noted))) return false;
  // Removed first, because a deployment that fails may have changed a part.
  rmSync(file, { force: true });
  await deployContracts(info, options);
  const there = (name: string): boolean => name.startsWith(namespace);
  const note: Note = {
    digest,
    topics: (await topicsOf(info)).filter(there),
    subjects: (await subjectsOf(info)).filter(there),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(note));
  return true;
}

async function hasAll(info: StackInfo, { topics, subjects }: Note): Promise<boolean> {
  const [hasTopics, hasSubjects] = await Promise.all([topicsOf(info), subjectsOf(info)]);
  const [topicsThere, subjectsThere] = [new Set(hasTopics), new Set(hasSubjects)];
  return topics.every((name) => topicsThere.has(name)) && subjects.every((name) => subjectsThere.has(name));
}

function topicsOf({ kafka }: StackInfo): Promise<readonly string[]> {
  return withAdmin(kafka.brokers, kafka.admin, (admin) => admin.listTopics());
}

async function subjectsOf({ registry }: StackInfo): Promise<readonly string[]> {
  const answer = await fetch(`${registry.url}/subjects`, { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`${registry.url} does not list its subjects: ${answer.status}`);
  return namesIn(await answer.json());
}

/** The specs say which topics and schemas there are, and the catalog who may use them. */
function digestOf({ root }: Layout): string {
  const hash = createHash('sha256');
  const specs = join(root, 'specs');
  const entries = readdirSync(specs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ parentPath, name }) => join(parentPath, name)).toSorted();
  for (const file of [...files, join(root, 'generated/catalog.json')])
    hash.update(`${file}\n`).update(createHash('sha256').update(readFileSync(file)).digest());
  return hash.digest('hex');
}

function noteIn(file: string): Note | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const value = parseJson(text);
  if (!isRecord(value) || typeof value['digest'] !== 'string') return undefined;
  return { digest: value['digest'], topics: namesIn(value['topics']), subjects: namesIn(value['subjects']) };
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
