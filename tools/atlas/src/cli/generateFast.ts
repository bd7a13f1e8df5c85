import { relative, sep } from 'node:path';
import { findConfig } from './findConfig.ts';
import { unchanged } from './unchanged.ts';

/** Says that nothing changed and returns true where that is so; otherwise the whole command is to run. */
export function generateFast(named: string | undefined, cwd: string): boolean {
  const started = performance.now();
  let config: string;
  try {
    config = findConfig(named, cwd);
  } catch {
    return false;
  }
  const found = unchanged(config);
  if (!found) return false;
  const out = relative(cwd, found.out).split(sep).join('/') || '.';
  const ms = Math.max(1, Math.round(performance.now() - started));
  const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
  process.stderr.write(
    `${color ? '\u001b[32m✓\u001b[39m' : '✓'} ${out} · ${found.total} files · 0 changed · ${ms} ms\n`,
  );
  return true;
}
