import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { externalServers } from '../external.ts';
import type { StackInfo } from '../info.ts';
import { isRecord } from '../json.ts';
import { withAdmin } from '../kafka/admin.ts';
import { type Layout, layoutOf } from '../layout.ts';
import { notedWork } from '../notedWork.ts';
import { deployContracts } from './contracts.ts';
import type { DeployOptions } from './options.ts';

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
  const there = (name: string): boolean => name.startsWith(namespace);
  return notedWork({
    note: join(layout.data, 'registered', `${namespace}.json`),
    digest: digestOf(layout),
    isThere: (made) => hasAll(info, made),
    work: async () => {
      await deployContracts(info, options);
      const [topics, subjects] = await Promise.all([topicsOf(info), subjectsOf(info)]);
      return { topics: topics.filter(there), subjects: subjects.filter(there) };
    },
  });
}

/** Whether the servers have the topics and subjects that they had after the contracts were deployed. */
async function hasAll(info: StackInfo, made: unknown): Promise<boolean> {
  if (!isRecord(made)) return false;
  const [topics, subjects] = await Promise.all([topicsOf(info), subjectsOf(info)]);
  const [topicsThere, subjectsThere] = [new Set(topics), new Set(subjects)];
  return (
    namesIn(made['topics']).every((name) => topicsThere.has(name)) &&
    namesIn(made['subjects']).every((name) => subjectsThere.has(name))
  );
}

function topicsOf({ kafka }: StackInfo): Promise<readonly string[]> {
  return withAdmin(kafka.brokers, kafka.admin, (admin) => admin.listTopics());
}

/** A registry gives at most 1,000 subjects per answer, and a stack that ran many tests has more. */
async function subjectsOf({ registry }: StackInfo): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let known = -1; known < found.size;) {
    known = found.size;
    const page = `${registry.url}/subjects?offset=${known}&limit=1000`;
    const answer = await fetch(page, { signal: AbortSignal.timeout(30_000) });
    if (!answer.ok) throw new Error(`${registry.url} does not list its subjects: ${answer.status}`);
    for (const name of namesIn(await answer.json())) found.add(name);
  }
  return [...found];
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

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
