import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Java } from './java.ts';

/**
 * Flags that halve the start time of a Java program from its second run on: class data sharing (JEP 310, JEP 350, and
 * -XX:+AutoCreateSharedArchive of Java 19). The archive is in the cache and is written when the first run ends.
 */
export function classDataFlags(cache: string, program: string, { version }: Java): readonly string[] {
  const folder = join(cache, 'class-data');
  mkdirSync(folder, { recursive: true });
  return [
    '-XX:+AutoCreateSharedArchive',
    `-XX:SharedArchiveFile=${join(folder, `${program}-java-${version}.jsa`)}`,
    '-Xshare:auto',
    '-Xlog:cds=off,cds+dynamic=off',
  ];
}

/** The quick compiler and the simplest collector are enough, because these programs serve one person. */
export const SMALL_JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'] as const;
