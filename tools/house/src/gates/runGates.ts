import { casts } from './casts.ts';
import { commentWidth } from './commentWidth.ts';
import { diagrams } from './diagrams.ts';
import { documents } from './documents.ts';
import { fileLength } from './fileLength.ts';
import type { Gate, Tree } from './gate.ts';
import { handlerResults } from './handlerResults.ts';
import { hygiene } from './hygiene.ts';
import { serviceNames } from './serviceNames.ts';
import { smallFiles } from './smallFiles.ts';
import { vocabulary } from './vocabulary.ts';

export const GATES: readonly Gate[] = [
  fileLength,
  smallFiles,
  commentWidth,
  vocabulary,
  serviceNames,
  hygiene,
  casts,
  handlerResults,
  diagrams,
  documents,
];

/**
 * Prints every finding as file:line and one line per gate. Returns exit code 100 if there are findings, otherwise 0.
 */
export function runGates(gates: readonly Gate[], tree: Tree, say: (text: string) => void = console.log): number {
  let failed = false;
  for (const gate of gates) {
    const { findings, note } = gate.run(tree);
    failed ||= findings.length > 0;
    for (const { file, line, message } of findings) say(`${file}${line === undefined ? '' : `:${line}`}: ${message}`);
    say(
      `${gate.name}: ${findings.length === 0 ? 'ok' : `${findings.length} findings`}${note === undefined ? '' : ` (${note})`}`,
    );
  }
  return failed ? 100 : 0;
}
