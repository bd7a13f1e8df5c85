import { join } from 'node:path';
import { GATES, runGates } from './gates/runGates.ts';
import { readTree } from './gates/tree.ts';
import { importRules } from './imports/importRules.ts';
import { suite } from './run/suite.ts';

/** The commands of the Makefile and of the steps of `make check`: `node tools/house/src/main.ts <verb>`. */
const root = join(import.meta.dirname, '../../..');
process.chdir(root);

const verbs: Record<string, () => number | Promise<number>> = {
  check: () => suite('check'),
  test: () => suite('test'),
  gates: () => runGates(GATES, readTree(root)),
  imports: () => importRules(root),
  // These verbs need the toolkit. They are loaded late, so that the runner can report a toolkit that does not load.
  baseline: async () => (await import('./baseline/baseline.ts')).baseline(root),
  official: async () => (await import('./official/official.ts')).official(root),
  reference: async () => {
    const { checkReference, writeReference } = await import('./reference/reference.ts');
    if (process.argv[3] === '--check') return checkReference(root);
    writeReference(root);
    return 0;
  },
};

const verb = verbs[process.argv[2] ?? ''];
if (verb === undefined) {
  console.error(`usage: node tools/house/src/main.ts ${Object.keys(verbs).join('|')}`);
  process.exitCode = 2;
} else {
  process.exitCode = await verb();
}
