import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleave } from '../measure.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 15;

/** `atlas generate` without a changed spec, against a start of the same Node that does nothing. */
export const generateRow: Row = {
  id: 'generate',
  about: '`atlas generate` with nothing changed, against `node -e 0`',
  run: async (measuring) => {
    if (!existsSync('specs/atlas.config.yaml')) throw new NotMeasurable('there are no specs');
    const copy = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
    try {
      for (const folder of ['specs', 'generated']) {
        cpSync(folder, join(copy, folder), { recursive: true, filter: (path) => !path.includes('node_modules') });
      }
      const generate = ['tools/atlas/bin/atlas.js', 'generate', '--config', join(copy, 'specs/atlas.config.yaml')];
      timed(generate); // brings the copy up to date
      const comparison = await interleave(
        { name: 'atlas generate', run: () => timed(generate) },
        [{ name: 'node -e 0', run: () => timed(['-e', '0']) }],
        { rounds: ROUNDS, beforeRound: measuring('generate, nothing changed') },
      );
      return [
        {
          title: 'generate, nothing changed',
          unit: 'ms',
          comparison,
          note: 'the whole process, from spawn to exit: start of Node, hashes of all specs and outputs against the manifest',
        },
      ];
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  },
};

/** Milliseconds from spawn to exit of this Node with `args`, in a folder. */
export function timed(args: readonly string[], cwd = process.cwd()): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd });
  const passed = performance.now() - started;
  if (status !== 0) throw new NotMeasurable(`node ${args.join(' ')} exits with ${status}: ${stderr.slice(0, 500)}`);
  return passed;
}
