import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExternalServers } from '../external.ts';
import { cached } from '../fetch/cached.ts';
import { javaEnvironment } from '../fetch/javaEnvironment.ts';
import { classDataFlags, SMALL_JVM } from '../fetch/classData.ts';
import { mavenCopy } from '../fetch/maven.ts';
import { run } from '../process/run.ts';
import { type Part, type PartContext, portOf, withoutSecret } from './part.ts';
import type { StackState } from '../state.ts';

export const REGISTRY_VERSION = '3.3.3';
const ARTIFACT = `io.apicurio:apicurio-registry-app:${REGISTRY_VERSION}:tar.gz:all`;

/** Apicurio Registry, used through its Confluent API. Its data is in an H2 file. */
export const registry: Part = {
  name: 'registry',
  title: 'schema registry',
  ports: { registry: 18_081 },
  stopSignal: 'SIGTERM',
  external: ({ registry: url }) => (url === undefined ? undefined : withoutSecret(url)),
  address: (state) => registryUrl({}, state),
  settings: ({ layout, state }) => [REGISTRY_VERSION, ...properties(join(layout.data, 'registry'), state)].join(' '),
  plan: async (context) => {
    const { layout, state } = context;
    const [java, folder] = await Promise.all([context.java(), fetchRegistry(context)]);
    const data = join(layout.data, 'registry');
    // Each start unpacks native libraries and leaves them behind. In this folder the next start removes them.
    const temporary = join(data, 'tmp');
    await rm(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    const args = [
      '-Xmx256m',
      ...SMALL_JVM,
      ...classDataFlags(layout.cache, `apicurio-${REGISTRY_VERSION}`, java, folder),
      `-Djava.io.tmpdir=${temporary}`,
      ...properties(data, state),
      '-jar',
      join(folder, 'quarkus-run.jar'),
    ];
    return { command: java.command, args, cwd: data, env: javaEnvironment() };
  },
  ready: async ({ external, state }) =>
    (await fetch(`${registryUrl(external, state)}/subjects`, { signal: AbortSignal.timeout(5_000) })).ok,
  // A new registry has the level NONE, which refuses nothing.
  configure: async ({ external, state, signal }) => {
    const answer = await fetch(`${registryUrl(external, state)}/config`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ compatibility: 'BACKWARD_TRANSITIVE' }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    if (!answer.ok)
      throw new Error(`the registry refused its compatibility level: ${answer.status} ${await answer.text()}`);
  },
};

export function registryUrl(external: ExternalServers, state: StackState): string {
  return external.registry ?? `http://127.0.0.1:${portOf(state, 'registry')}/apis/ccompat/v7`;
}

// WRITE_DELAY=0, because with H2's default a kill loses the last id, and the registry would use that id again.
function properties(data: string, state: StackState): readonly string[] {
  const settings = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': String(portOf(state, 'registry')),
    'quarkus.http.access-log.enabled': 'false',
    // Health and metrics have a port of their own, which is not used here. 0 takes a free one.
    'quarkus.management.host': '127.0.0.1',
    'quarkus.management.port': '0',
    'quarkus.log.category."io.apicurio".level': 'WARN',
    'apicurio.storage.kind': 'sql',
    'apicurio.storage.sql.kind': 'h2',
    'apicurio.datasource.url': `jdbc:h2:file:${join(data, 'registry')};WRITE_DELAY=0`,
    'apicurio.datasource.jdbc.initial-size': '2',
    'apicurio.datasource.jdbc.min-size': '2',
    'apicurio.import.work-dir': data,
  };
  return Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
}

async function fetchRegistry({ layout, signal, log, tell, java }: PartContext): Promise<string> {
  const { cache } = layout;
  return cached(`apicurio-registry-${REGISTRY_VERSION}`, { cache, signal }, async (draft) => {
    tell('fetching');
    await mavenCopy(ARTIFACT, draft, { cache, log, signal, java });
    tell('unpacking');
    const archive = `apicurio-registry-app-${REGISTRY_VERSION}-all.tar.gz`;
    await run('tar', ['-xzf', archive], { cwd: draft, log, signal });
    await rm(join(draft, archive));
  });
}
