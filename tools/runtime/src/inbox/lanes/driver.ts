import { Outcomes } from '../../time/outcomes.ts';
import { lanesStart, lanesStep, type LanesEnd, type LanesInput } from './step.ts';

/** How a batch handles its records. */
export interface LanesWork {
  /** Consumes a record. If it is not done, returns why. */
  readonly run: (record: number) => Promise<Exclude<LanesEnd, { kind: 'finished' }> | undefined>;
  /** This record and all before it are done. */
  readonly resolve: (record: number) => Promise<void>;
  /** Whether no more records may start. */
  readonly mustStop: () => boolean;
}

/**
 * Runs records as `lanesStep` decides, at most `limit` at a time. `keys` are the keys of the records. Returns or throws
 * only when no record is running. Throws the first error of `run` or `resolve`, after which no record starts.
 */
export async function runLanes(keys: readonly string[], limit: number, work: LanesWork): Promise<LanesEnd> {
  const inputs = new Outcomes<LanesInput>();
  let failure: { readonly error: unknown } | undefined;
  const run = async (record: number): Promise<LanesInput> => {
    try {
      const why = await work.run(record);
      return why === undefined ? { kind: 'done', record } : { kind: 'notDone', record, why };
    } catch (error) {
      failure ??= { error };
      return { kind: 'notDone', record, why: { kind: 'stopped' } };
    }
  };
  let stopped = false;
  let [state, effects] = lanesStart(keys, limit);
  for (;;) {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'run':
          // a stop may come while an effect before it is in work
          inputs.add(
            failure !== undefined || work.mustStop()
              ? Promise.resolve({ kind: 'notDone', record: effect.record, why: { kind: 'stopped' } })
              : run(effect.record),
          );
          break;
        case 'resolve':
          await work.resolve(effect.record).catch((error: unknown) => {
            failure ??= { error };
          });
          break;
        case 'end':
          if (failure) throw failure.error;
          return effect.how;
      }
    }
    const stops: boolean = !stopped && (failure !== undefined || work.mustStop());
    stopped ||= stops;
    [state, effects] = lanesStep(state, stops ? { kind: 'stop' } : await inputs.next());
  }
}

/**
 * Limits how many transactions of consumers run at the same time, over all partitions. The others wait in turn. Without
 * it, they would wait for a connection, and that wait has a time-out.
 */
export class Slots {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
