import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findJava } from './java.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-java-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function home(version: string): string {
  const at = join(folder, version);
  mkdirSync(join(at, 'bin'), { recursive: true });
  writeFileSync(join(at, 'release'), `IMPLEMENTOR="x"\nJAVA_VERSION="${version}"\n`);
  writeFileSync(join(at, 'bin/java'), '');
  chmodSync(join(at, 'bin/java'), 0o755);
  return at;
}

describe('the Java of a machine', () => {
  it('is the one that ATLAS_JAVA_HOME names, with the version of its release file', () => {
    const at = home('21.0.4');
    expect(findJava({ ATLAS_JAVA_HOME: at })).toEqual({ command: join(at, 'bin/java'), version: '21.0.4' });
  });

  it('is undefined if it is too old, its folder holds no Java, or the folder does not exist', () => {
    const homes = [home('17.0.15'), home('1.8.0_292'), folder, join(folder, 'none')];
    expect(homes.map((at) => findJava({ ATLAS_JAVA_HOME: at }))).toEqual([undefined, undefined, undefined, undefined]);
  });
});
