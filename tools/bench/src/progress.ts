import type { BeforeRound } from './measure.ts';

type Out = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

/** Says what is being measured: in place on a terminal, else once. Ends the measurement where `signal` aborts. */
export function progress(out: Out, signal: AbortSignal): (what: string) => BeforeRound {
  return (what) => (round, of) => {
    signal.throwIfAborted();
    if (out.isTTY) out.write(`\r\u001B[2K  … ${what}: round ${round} of ${of}${round === of ? '\n' : ''}`);
    else if (round === 1) out.write(`  … ${what}: ${of} rounds\n`);
  };
}
