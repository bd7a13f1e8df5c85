import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Java } from './java.ts';

/**
 * Flags that halve the start time of a Java program from its second run on: class data sharing (JEP 310, JEP 350, and
 * -XX:+AutoCreateSharedArchive of Java 19). The archive is in the cache and is written when the first run ends.
 *
 * Java does not use an archive that was made with other jars in `programFolder`, and does not replace it either. So its
 * name has a digest of what Java compares, and archives of earlier jars are removed.
 */
export function classDataFlags(
  cache: string,
  program: string,
  { version }: Pick<Java, 'version'>,
  programFolder: string,
): readonly string[] {
  const folder = join(cache, 'class-data');
  mkdirSync(folder, { recursive: true });
  const name = `${program}-java-${version}-`;
  const file = `${name}${digestOf(programFolder)}.jsa`;
  for (const other of readdirSync(folder))
    if (other.startsWith(name) && other !== file) rmSync(join(folder, other), { force: true });
  return [
    '-XX:+AutoCreateSharedArchive',
    `-XX:SharedArchiveFile=${join(folder, file)}`,
    '-Xshare:auto',
    '-Xlog:cds=off,cds+dynamic=off',
  ];
}

/** Of the size and the time of each jar, which is all that Java compares: the folder itself may be moved. */
function digestOf(programFolder: string): string {
  const jars = readdirSync(programFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jar'))
    .map(({ parentPath, name }) => join(parentPath, name));
  const facts = jars.toSorted().map((jar) => {
    const { size, mtimeMs } = statSync(jar);
    return `${relative(programFolder, jar)} ${size} ${Math.floor(mtimeMs / 1000)}`;
  });
  return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 12);
}

/** The quick compiler and the simplest collector are enough, because these programs serve one person. */
export const SMALL_JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'] as const;
