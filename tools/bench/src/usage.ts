import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BeforeRound, compared, type Comparison, interleave, type Taken } from './measure.ts';
import { NotMeasurable } from './row.ts';

/** The use of a process until its end: milliseconds of processor time, and MB (10^6 bytes) at its peak. */
export interface Usage {
  readonly cpuMs: number;
  readonly memoryMb: number;
}

/** Runs this Node with `args`, in a folder. The program calls `printUsage` (see printUsage.js) before it ends. */
export function printedUsage(args: readonly string[], cwd = process.cwd()): Usage {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd });
  if (status !== 0) throw new NotMeasurable(`node ${args.join(' ')} exits with ${status}: ${stderr.slice(0, 500)}`);
  // The program may print something before the last line.
  const usage: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  if (!isUsage(usage)) throw new NotMeasurable(`node ${args.join(' ')} prints no usage`);
  return usage;
}

/** The same for a program that does not print its usage. */
export function usageOf(args: readonly string[], cwd?: string): Usage {
  const file = pathToFileURL(resolve('tools/bench/src/printUsage.js')).href;
  const atExit = `import { printUsage } from ${JSON.stringify(file)}; process.on('exit', printUsage);`;
  return printedUsage(['--import', `data:text/javascript,${encodeURIComponent(atExit)}`, ...args], cwd);
}

/** A program whose usage is compared. */
interface Program {
  readonly name: string;
  readonly run: () => Usage;
}

/** Compares the processor time (ms) and the peak memory (MB) of two programs, from the same runs in turns. */
export async function usages(
  ours: Program,
  peer: Program,
  { rounds, beforeRound }: { readonly rounds: number; readonly beforeRound: BeforeRound },
): Promise<{ readonly cpu: Comparison; readonly memory: Comparison }> {
  const noting = ({ name, run }: Program) => {
    const values: number[] = [];
    const taken: Taken = { name, values };
    const once = (): number => {
      const { cpuMs, memoryMb } = run();
      values.push(memoryMb);
      return cpuMs;
    };
    return { taken, contender: { name, run: once } };
  };
  const [left, right] = [noting(ours), noting(peer)];
  const cpu = await interleave(left.contender, [right.contender], { rounds, warmup: 0, beforeRound });
  return { cpu, memory: compared(left.taken, [right.taken]) };
}

function isUsage(value: unknown): value is Usage {
  return typeof value === 'object' && value !== null && 'cpuMs' in value && 'memoryMb' in value;
}
