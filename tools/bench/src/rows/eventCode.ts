import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BeforeRound, type Comparison, interleave } from '../measure.ts';
import { type Measured, NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 7;
const PEER = '@asyncapi/generator';

/** The use of a process until its end: milliseconds of processor time, and MB (10^6 bytes) at its peak. */
interface Usage {
  readonly cpuMs: number;
  readonly memoryMb: number;
}

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
  const memory: { readonly ours: number[]; readonly peer: number[] } = { ours: [], peer: [] };
  const cpu = await interleave(
    { name: 'atlas', run: () => noted(ours(), memory.ours) },
    [{ name: PEER, run: () => noted(peer(), memory.peer) }],
    { rounds: ROUNDS, warmup: 0, beforeRound },
  );
  const note =
    'one process that loads the library, reads a document with four messages and writes the same files; ours with the compile cache of Node, which its command line turns on';
  return [
    { title: 'event code, processor time', unit: 'ms', comparison: cpu, note },
    { title: 'event code, peak memory', unit: 'MB', comparison: await replayed(memory), note: 'the same runs' },
  ];
}

function noted({ cpuMs, memoryMb }: Usage, memory: number[]): number {
  memory.push(memoryMb);
  return cpuMs;
}

/** Compares figures that were measured before, round by round. */
async function replayed(memory: { readonly ours: number[]; readonly peer: number[] }): Promise<Comparison> {
  const next = (figures: number[]) => (): number => figures.shift() ?? Number.NaN;
  return interleave({ name: 'atlas', run: next(memory.ours) }, [{ name: PEER, run: next(memory.peer) }], {
    rounds: ROUNDS,
    warmup: 0,
  });
}

/** Runs one of the programs with a document, and returns the usage of the process. */
function generated(program: string, document: string, out: string): Usage {
  rmSync(out, { recursive: true, force: true });
  const args = [join('tools/bench/src/eventCode', program), document, out];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new NotMeasurable(`${program} exits with ${status}: ${stderr.slice(0, 500)}`);
  // The template may print something before the last line.
  const usage: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  if (!isUsage(usage)) throw new NotMeasurable(`${program} prints no usage`);
  return usage;
}

function isUsage(value: unknown): value is Usage {
  return typeof value === 'object' && value !== null && 'cpuMs' in value && 'memoryMb' in value;
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
