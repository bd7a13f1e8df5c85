import { join } from 'node:path';
import { GATES, runGates } from './gates/runGates.ts';
import { readTree } from './gates/tree.ts';
import { importRules } from './imports/importRules.ts';
import { suite } from './run/suite.ts';

/** `node tools/house/src/main.ts check|test|gates|imports|reference [--check]`: what the Makefile calls, from the repository's root. */
const root = join(import.meta.dirname, '../../..');
process.chdir(root);

const verbs: Record<string, () => number | Promise<number>> = {
  check: () => suite('check'),
  test: () => suite('test'),
  gates: () => runGates(GATES, readTree(root)),
  imports: () => importRules(root),
  // Loaded late: the pages need the toolkit, and a broken toolkit must not silence the runner that reports it.
  reference: async () => (await import('./reference/reference.ts')).reference(root, process.argv[3] === '--check'),
};

const verb = verbs[process.argv[2] ?? ''];
if (verb === undefined) {
  console.error(`usage: node tools/house/src/main.ts ${Object.keys(verbs).join('|')}`);
  process.exitCode = 2;
} else {
  process.exitCode = await verb();
}
