import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../process/lock.ts';
import { run } from '../process/run.ts';
import { onPath } from './tools.ts';

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

export interface MavenOptions {
  readonly cache: string;
  readonly log: string;
  readonly signal: AbortSignal;
}

/** Copies an artifact, `group:name:version[:type[:classifier]]`, into a folder. */
export async function mavenCopy(artifact: string, folder: string, options: MavenOptions): Promise<void> {
  await maven([`${PLUGIN}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], folder, options);
}

/** Copies what a POM depends on, at run time, into `<folder>/lib`. */
export async function mavenCopyDependencies(pom: string, folder: string, options: MavenOptions): Promise<void> {
  const file = join(folder, 'pom.xml');
  await writeFile(file, pom);
  await maven(
    ['-f', file, `${PLUGIN}:copy-dependencies`, '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'lib')}`],
    folder,
    options,
  );
}

// Maven's local repository is not made for two writers, and a cold one makes both fetch the same plugin: one at a time.
async function maven(args: readonly string[], cwd: string, { cache, log, signal }: MavenOptions): Promise<void> {
  const mvn = onPath(['mvn']);
  if (mvn === undefined) {
    throw new Error(
      'Maven fetches Kafka and the schema registry: install it (Debian: apt-get install maven, macOS: brew install maven)',
    );
  }
  await withLock(join(cache, 'maven.lock'), () => run(mvn, ['-q', '-B', ...args], { cwd, log, signal }), { signal });
}

/** Unpacks a jar into a folder. */
export async function mavenUnpack(artifact: string, folder: string, options: MavenOptions): Promise<void> {
  await maven([`${PLUGIN}:unpack`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], folder, options);
}
