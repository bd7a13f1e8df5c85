import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NotMeasurable } from './row.ts';

/** Kept between runs and not committed: a package has 30 MB, of which one document at a time is unpacked. */
export const FOLDER = '.atlas/bench/breaking';

/** The path of a document of GitHub's, such as `ghec.json`. The package comes from the configured registry of npm. */
export function githubDocument(version: string, name: string): string {
  const document = `package/generated/${name}`;
  const path = join(FOLDER, version, document);
  if (existsSync(path)) return path;
  const archive = runInFolder('npm', 'pack', '--silent', `@octokit/openapi@${version}`).trim();
  mkdirSync(join(FOLDER, version), { recursive: true });
  runInFolder('tar', '-xzf', archive, '-C', version, document);
  rmSync(join(FOLDER, archive));
  return path;
}

/** Runs a program in the folder, and gives what it prints. */
export function runInFolder(program: string, ...args: readonly string[]): string {
  mkdirSync(FOLDER, { recursive: true });
  try {
    return execFileSync(program, [...args], { cwd: FOLDER, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new NotMeasurable(`${program} ${args.join(' ')} fails: ${error instanceof Error ? error.message : ''}`);
  }
}
