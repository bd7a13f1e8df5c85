/**
 * One side of a comparison. `run` does the work once and gives its figure in the row's unit: a cost (lower is better)
 * or a yield (higher is better).
 */
export interface Contender {
  readonly name: string;
  readonly run: () => number | Promise<number>;
}

/**
 * A contender's figure over all rounds. `spread` is half the distance between the quartiles, as a share of the median.
 */
export interface Figures {
  readonly name: string;
  readonly median: number;
  readonly spread: number;
}

/**
 * The figures of all contenders. `ratio` is ours divided by the peer's within each round, as the median of all rounds.
 */
export interface Comparison {
  readonly ours: Figures;
  readonly peers: readonly (Figures & { readonly ratio: number; readonly ratioSpread: number })[];
}

/** Called before each round. Throws to end the measurement early. */
export type BeforeRound = (round: number, of: number) => void;

/**
 * Runs all contenders in turn, round by round. Each round begins with a different contender, so that other load on the
 * machine affects all of them alike. The first rounds are a warm-up and do not count.
 */
export async function interleave(
  ours: Contender,
  peers: readonly Contender[],
  {
    rounds,
    warmup = 1,
    beforeRound,
  }: { readonly rounds: number; readonly warmup?: number; readonly beforeRound?: BeforeRound },
): Promise<Comparison> {
  const contenders = [ours, ...peers];
  const taken = contenders.map((): number[] => []);
  for (let round = -warmup; round < rounds; round++) {
    beforeRound?.(round + warmup + 1, rounds + warmup);
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (turn + round + warmup) % contenders.length;
      const value = await contenders[index]?.run();
      if (round >= 0 && value !== undefined) taken[index]?.push(value);
    }
  }
  const [own = [], ...others] = taken;
  return compared(
    { name: ours.name, values: own },
    peers.map(({ name }, index) => ({ name, values: others[index] ?? [] })),
  );
}

/** The figures of a contender, round by round. */
export interface Taken {
  readonly name: string;
  readonly values: readonly number[];
}

export function compared(ours: Taken, peers: readonly Taken[]): Comparison {
  return {
    ours: figures(ours),
    peers: peers.map((peer) => {
      const ratios = ours.values.map((value, round) => value / (peer.values[round] ?? Number.NaN));
      return { ...figures(peer), ratio: median(ratios), ratioSpread: spread(ratios) };
    }),
  };
}

function figures({ name, values }: Taken): Figures {
  return { name, median: median(values), spread: spread(values) };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function spread(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Keeps the last result, so that the engine cannot remove the work as unused. */
const sink: { last: unknown } = { last: undefined };

/** Nanoseconds per call, over as many calls as fit into about `milliseconds`. */
export function nanosPerCall(call: () => unknown, milliseconds = 100): number {
  let calls = 0;
  let batch = 1;
  const started = process.hrtime.bigint();
  for (;;) {
    for (let i = 0; i < batch; i++) sink.last = call();
    calls += batch;
    const passed = Number(process.hrtime.bigint() - started);
    if (passed > milliseconds * 1e6) return passed / calls;
    batch = Math.min(batch * 2, 65_536);
  }
}

/** `nanosPerCall` for calls that give a promise. Each is awaited before the next call, as a caller would do. */
export async function nanosPerAwait(call: () => Promise<unknown>, milliseconds = 100): Promise<number> {
  let calls = 0;
  const started = process.hrtime.bigint();
  for (;;) {
    for (let i = 0; i < 64; i++) await call();
    calls += 64;
    const passed = Number(process.hrtime.bigint() - started);
    if (passed > milliseconds * 1e6) return passed / calls;
  }
}
