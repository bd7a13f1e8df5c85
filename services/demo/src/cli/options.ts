import { parseArgs } from 'node:util';

export const HELP = `usage: make demo [ONCE=1]
       node services/demo/src/main.ts [--once] [--help]

Starts everything on this machine (or uses the stack that is up), places an order that finds stock and one that does
not, prints what happened to each, and stays up until Ctrl-C.

  --once    end after that; the exit code is the verdict: 0 when all of it is as promised, 1 when not
  --help    this text

A stack that it started is stopped again, its data is kept: "make clean" forgets it. "make up" before keeps it running.
`;

export interface DemoOptions {
  readonly once: boolean;
  readonly help: boolean;
}

/** Reads the arguments. Throws what is wrong with them. */
export function optionsOf(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { once: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  return values;
}
