import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from '../process/lock.ts';
import { run } from '../process/run.ts';
import type { Java } from './java.ts';
import { onPath } from './tools.ts';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

export interface MavenOptions {
  readonly cache: string;
  readonly log: string;
  readonly signal: AbortSignal;
  /** Gives the Java for Maven if Maven finds none itself. */
  readonly java: () => Promise<Java>;
}

/** Copies an artifact, `group:name:version[:type[:classifier]]`, into a folder. */
export async function mavenCopy(artifact: string, folder: string, options: MavenOptions): Promise<void> {
  await maven([`${PLUGIN}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], folder, options);
}

/** Copies the run-time dependencies of a POM into `<folder>/lib`. */
export async function mavenCopyDependencies(pom: string, folder: string, options: MavenOptions): Promise<void> {
  const file = join(folder, 'pom.xml');
  await writeFile(file, pom);
  await maven(
    ['-f', file, `${PLUGIN}:copy-dependencies`, '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'lib')}`],
    folder,
    options,
  );
}

/** The end of the last run of Maven in this process. */
let last: Promise<unknown> = Promise.resolve();

// One Maven at a time, because its local repository does not support two writers. Within a process they run in the
// sequence of the calls, so that the caller with the most work afterwards can be first.
async function maven(args: readonly string[], cwd: string, { cache, log, signal, java }: MavenOptions): Promise<void> {
  const mvn = onPath(['mvn']);
  if (mvn === undefined) {
    throw new Error(
      'Maven fetches Kafka and the schema registry: install it (Debian: apt-get install maven, macOS: brew install maven)',
    );
  }
  const env = await environment(java);
  const work = (): Promise<void> => run(mvn, ['-q', '-B', '-Dstyle.color=never', ...args], { cwd, env, log, signal });
  const mine = last.then(() => withLock(join(cache, 'maven.lock'), work, { signal }));
  last = mine.catch(() => undefined);
  await mine;
}

async function environment(java: MavenOptions['java']): Promise<NodeJS.ProcessEnv> {
  if (process.env['JAVA_HOME'] !== undefined || onPath(['java']) !== undefined) return process.env;
  const { command } = await java();
  return { ...process.env, JAVA_HOME: dirname(dirname(command)) };
}

/** Unpacks a jar into a folder. */
export async function mavenUnpack(artifact: string, folder: string, options: MavenOptions): Promise<void> {
  await maven([`${PLUGIN}:unpack`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], folder, options);
}
