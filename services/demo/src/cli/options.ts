import { parseArgs } from 'node:util';

export const HELP = `usage: make demo [ONCE=1]
       npx node services/demo/src/main.ts [--once] [--help]

Starts everything on this machine, or uses the stack that is up. Tells the story of four orders: one is approved, paid,
shipped in two parts and refunded in part; one finds no stock; one is paid after its reservation has ended; one is
declined by the payment provider. Prints what happened to each, who did it, the books, the stock and the verdict, and
stays up until Ctrl-C.

  --once    end after the verdict; the exit code is 0 if all promises were kept, otherwise 1
  --help    print this text

A stack that the demo starts is stopped again and its data is kept ("make clean" deletes it). To keep it running, start
it with "make up" before.
`;

export interface DemoOptions {
  readonly once: boolean;
  readonly help: boolean;
}

/** Reads the arguments. Throws if one is wrong. */
export function optionsOf(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { once: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  return values;
}
