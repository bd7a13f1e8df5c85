import { availableParallelism, cpus, totalmem } from 'node:os';

/** The machine's size in a line, without which a figure means nothing. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${model}), ${gib} GiB, ${process.platform} ${process.arch}, Node ${process.version}`;
}
