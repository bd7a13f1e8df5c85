import { sql, type CommonQueryMethods } from 'slonik';
import { contract, type Consumers } from '@atlas/generated-reporting';
import { startReplay, type Replay } from '@atlas/runtime/replay';
import type { ServiceEnv } from '@atlas/runtime/service';
import { rows, slonikStore } from '@atlas/runtime/slonik';
import type { Projection } from '../projections/projection.ts';
import { builtVersions, compareProjection } from './compare.ts';
import { marksOf, reading, transaction, type Database } from './database.ts';
import { failureText, RebuildFailure } from './failure.ts';
import { asTheOnlyOne } from './lock.ts';
import { notAppliedEvents, untilSettled } from './notApplied.ts';
import { eventsBefore, Pace, readUpTo } from './reading.ts';
import { begin, end, findRun, noteProgress, type Compared, type NotApplied, type Run } from './runs.ts';
import { swap } from './swap.ts';

export interface RebuildOptions {
  readonly env: Pick<ServiceEnv, 'databaseUrl' | 'kafka' | 'registryUrl' | 'namespace' | 'handlerMs'>;
  /** The consumers of the service, which apply the projections. */
  readonly consumers: Consumers;
  readonly projections: readonly Projection[];
  /** Called once per second, and when the state changes. */
  readonly onProgress?: (run: Run) => void;
  readonly signal: AbortSignal;
}

/** When fewer events than this are left to read, the tables are compared or the consumers are locked out. */
const CLOSE = 1_000;
/** How often tables are compared. Differences that a second comparison does not confirm came from events under way. */
const LOOKS = 2;
const CONNECTIONS = 6;

/**
 * Makes the tables of all projections again, as a run asks for, and returns the ended run. `runId` returns the id of
 * the run. It is called when no other rebuild can begin, so that no other process takes the run. The old tables stay in
 * use until the new ones replace them. If something fails, or if something differs and the run does not accept that,
 * the old tables stay, and the new ones are kept in the schema `rebuild` until the next rebuild. Throws
 * `RebuildFailure` if another rebuild runs. Any other failure is in the run.
 */
export async function rebuild(runId: () => Promise<string>, options: RebuildOptions): Promise<Run> {
  const database = slonikStore(options.env.databaseUrl, { maxConnections: CONNECTIONS });
  try {
    return await asTheOnlyOne(database, async (stillTheOnlyOne) => {
      const attempt = new Rebuild(database, await runId(), options, stillTheOnlyOne);
      await attempt.run();
      return attempt.found();
    });
  } finally {
    await database.close();
  }
}

class Rebuild {
  readonly #database: Database;
  readonly #rebuildId: string;
  readonly #options: RebuildOptions;
  readonly #stillTheOnlyOne: () => Promise<void>;
  readonly #group: string;
  readonly #pace = new Pace();

  constructor(database: Database, rebuildId: string, options: RebuildOptions, stillTheOnlyOne: () => Promise<void>) {
    this.#database = database;
    this.#rebuildId = rebuildId;
    this.#options = options;
    this.#stillTheOnlyOne = stillTheOnlyOne;
    this.#group = options.env.namespace + contract.service;
  }

  async found(): Promise<Run> {
    const run = await this.#read((connection) => findRun(connection, this.#rebuildId));
    if (!run) throw new RebuildFailure(`there is no run ${this.#rebuildId}`);
    return run;
  }

  async run(): Promise<void> {
    if (!(await this.#read((connection) => begin(connection, this.#rebuildId))))
      throw new RebuildFailure('another process has done this rebuild');
    try {
      const tables = this.#options.projections.flatMap((projection) => projection.tables);
      await transaction(this.#database, 'read committed', (connection) =>
        connection.query(
          sql.type(rows<never>())`SELECT FROM public.rebuild_begin(${this.#rebuildId}::uuid,
            ${sql.array(tables, 'text')})`,
        ),
      );
      const { env, consumers } = this.#options;
      const name = `rebuild-${this.#rebuildId}`;
      const replay = await startReplay(contract, { env, consumers, schema: 'rebuild', name });
      try {
        await this.#replayed(replay);
      } finally {
        await replay.stop();
      }
    } catch (error) {
      await this.#read((connection) =>
        end(connection, this.#rebuildId, { state: 'FAILED', failure: failureText(error) }),
      );
      if (!(error instanceof RebuildFailure)) process.stderr.write(`${String(error)}\n`);
    }
  }

  async #replayed(replay: Replay): Promise<void> {
    refuseGaps(replay);
    await this.#catchUp(replay);
    await this.#read((connection) => untilSettled(connection, this.#options.signal));
    await this.#read((connection) => connection.query(sql.type(rows<never>())`SELECT FROM public.rebuild_analyze()`));
    const { projections, notApplied, isSame } = await this.#compared(replay);
    const result = { events: eventsBefore(replay, replay.marks()), projections, notApplied };
    const { acceptDifference } = await this.found();
    if (!isSame && !acceptDifference) {
      await this.#read((connection) => end(connection, this.#rebuildId, { ...result, state: 'DIFFERENT' }));
      return;
    }
    await swap({
      database: this.#database,
      replay,
      rebuildId: this.#rebuildId,
      group: this.#group,
      projections: this.#options.projections,
      signal: this.#options.signal,
      stillTheOnlyOne: this.#stillTheOnlyOne,
      result,
    });
  }

  /**
   * Reads what the consumers of the service have read, until only a few events are left, or no fewer than before. The
   * consumers go on meanwhile.
   */
  async #catchUp(replay: Replay): Promise<void> {
    for (let [left, before] = [Infinity, Infinity]; left > CLOSE;) {
      const marks = await this.#read((connection) => marksOf(connection, this.#group));
      left = eventsBefore(replay, marks) - eventsBefore(replay, replay.marks());
      await this.#readUpTo(replay, marks, 'REPLAYING');
      if (left > before / 2) return;
      before = left;
    }
  }

  async #compared(replay: Replay): Promise<{
    readonly projections: readonly Compared[];
    readonly notApplied: readonly NotApplied[];
    readonly isSame: boolean;
  }> {
    for (let look = 1; ; look++) {
      const projections = await this.#comparedAtOneMark(replay);
      const { events, known } = await this.#read((connection) =>
        notAppliedEvents(connection, this.#options.env.namespace),
      );
      const isSame = known && projections.every(({ outcome }) => outcome !== 'DIFFERENT');
      if (isSame || look === LOOKS) return { projections, notApplied: events, isSame };
    }
  }

  /**
   * Compares the tables. The old ones are read in one snapshot together with their offsets, the new ones after the same
   * events.
   */
  async #comparedAtOneMark(replay: Replay): Promise<readonly Compared[]> {
    return transaction(this.#database, 'snapshot', async (before) => {
      await this.#readUpTo(replay, await marksOf(before, this.#group), 'COMPARING');
      const built = await builtVersions(before);
      return transaction(this.#database, 'snapshot', async (now) => {
        const compared: Compared[] = [];
        for (const projection of this.#options.projections)
          compared.push(await compareProjection({ before, now }, projection, built));
        return compared;
      });
    });
  }

  async #readUpTo(replay: Replay, marks: Parameters<Replay['reach']>[0], state: 'REPLAYING' | 'COMPARING') {
    await readUpTo(replay, marks, {
      pace: this.#pace,
      signal: this.#options.signal,
      onProgress: async (progress) => {
        await this.#read((connection) => noteProgress(connection, this.#rebuildId, state, progress));
        this.#options.onProgress?.(await this.found());
      },
    });
  }

  #read<T>(work: (connection: CommonQueryMethods) => Promise<T>): Promise<T> {
    return reading(this.#database, work);
  }
}

/** Throws if Kafka has deleted events: tables without them would lack what the old ones have. */
function refuseGaps(replay: Replay): void {
  const gone = replay.begins.filter(({ next }) => next > 0n);
  if (gone.length === 0) return;
  const names = gone.map(({ topic, partition, next }) => `${topic}/${partition} begins at ${next}`);
  throw new RebuildFailure(
    `Kafka has deleted the first events, so the tables cannot be made from them: ${names.slice(0, 5).join(', ')}. Restore the records, or keep the tables as they are.`,
  );
}
