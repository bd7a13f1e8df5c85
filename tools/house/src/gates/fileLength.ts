import type { Gate } from './gate.ts';
import { isSource } from './tree.ts';

const LIMIT = 400;
const GENERATED_LIMIT = 300;

/** One idea per file. Files have at most 400 lines, generated ones 300. Compiled validators and data have no limit. */
export const fileLength: Gate = {
  name: 'file length',
  run: ({ files, read }) => {
    const measured = files
      .filter((file) => limitOf(file) !== undefined)
      .map((file) => ({ file, lines: lineCount(read(file)) }));
    const findings = measured.flatMap(({ file, lines }) => {
      const limit = limitOf(file) ?? LIMIT;
      if (lines <= limit) return [];
      return [{ file, message: `${lines} lines, at most ${limit} are allowed: split it, one file per idea` }];
    });
    const own = measured.filter(({ file }) => isSource(file)).map(({ lines }) => lines);
    return { findings, note: `median ${median(own)} lines, longest ${Math.max(0, ...own)}, ${own.length} files` };
  },
};

function limitOf(file: string): number | undefined {
  if (isSource(file)) return LIMIT;
  if (file.startsWith('generated/') && file.endsWith('.ts') && !/\/(compiled\/|types\.ts$|document\.ts$)/.test(file))
    return GENERATED_LIMIT;
  return undefined;
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
