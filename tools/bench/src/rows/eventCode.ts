import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BeforeRound } from '../measure.ts';
import { type Measured, NotMeasurable, type Row } from '../row.ts';
import { printedUsage, type Usage, usages } from '../usage.ts';

const ROUNDS = 7;
const PEER = '@asyncapi/generator';

/** Event code of one AsyncAPI document, against the official generator that renders the same files. */
export const eventCodeRow: Row = {
  id: 'events',
  about: `event code of one AsyncAPI document, against ${PEER} as a library`,
  run: async (measuring) => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
    try {
      cpSync('tools/bench/specs/events', join(folder, 'specs'), { recursive: true });
      return await measured(folder, measuring('event code'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measured(folder: string, beforeRound: BeforeRound): Promise<readonly Measured[]> {
  const ours = (): Usage => generated('atlas.js', join(folder, 'specs/atlas.config.yaml'), join(folder, 'ours'));
  const peer = (): Usage => generated('official.js', join(folder, 'specs/asyncapi.yaml'), join(folder, 'peer'));
  ours();
  peer();
  const files = textsBelow(join(folder, 'ours'));
  if (files === '[]' || files !== textsBelow(join(folder, 'peer')))
    throw new NotMeasurable('the two do not write the same files');
  const { cpu, memory } = await usages(
    { name: 'atlas', run: ours },
    { name: PEER, run: peer },
    { rounds: ROUNDS, beforeRound },
  );
  const note =
    'one process that loads the library, reads a document with four messages and writes the same files; ours with the compile cache of Node, which its command line turns on';
  return [
    { title: 'event code, processor time', unit: 'ms', comparison: cpu, note },
    { title: 'event code, peak memory', unit: 'MB', comparison: memory, note: 'the same runs' },
  ];
}

/** Runs one of the programs with a document, and returns the usage of the process. */
function generated(program: string, document: string, out: string): Usage {
  rmSync(out, { recursive: true, force: true });
  return printedUsage([join('tools/bench/src/eventCode', program), document, out]);
}

/** All files below a folder with their texts, as one text. */
function textsBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }): [string, string] => {
    const path = join(parentPath, name);
    return [path.slice(folder.length), readFileSync(path, 'utf8')];
  });
  return JSON.stringify(texts.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
