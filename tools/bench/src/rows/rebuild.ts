import { interleave } from '../measure.ts';
import { idleReporting } from '../reporting/idleReporting.ts';
import { replayRate } from '../reporting/replays.ts';
import type { Row } from '../row.ts';

const EVENTS = 60_000;
const ROUNDS = 3;
const WARMUP = 1;
/** One event per transaction is slow, so only the first part of each partition is read. */
const SHARE_OF_SINGLES = 0.1;

/** Makes all reports again from the events of all topics. */
export const rebuildRow: Row = {
  id: 'rebuild',
  about: 'all reports made again from 60,000 events: in sets against one event per transaction',
  needsStack: true,
  run: async (measuring) => {
    const reporting = await idleReporting(EVENTS);
    try {
      const { env } = reporting;
      const title = 'rebuild: the replay alone';
      const replays = await interleave(
        { name: 'sets', run: () => replayRate({ env, form: 'sets', share: 1 }) },
        [
          {
            name: 'one event per transaction',
            run: () => replayRate({ env, form: 'singles', share: SHARE_OF_SINGLES }),
          },
          { name: 'a whole rebuild', run: () => reporting.rebuildRate() },
        ],
        { rounds: ROUNDS, warmup: WARMUP, beforeRound: measuring(title) },
      );
      return [
        {
          title,
          unit: 'events/s',
          comparison: replays,
          note: 'the consumers of Reporting over the events of all its topics, from the first handler to the last commit; one event per transaction reads the first tenth of each partition; a whole rebuild is a process that makes the tables, joins its group, replays, compares all rows with the old ones and puts the new ones in place; the service idles beside it, and Postgres and Kafka share the machine',
        },
      ];
    } finally {
      await reporting.stop();
    }
  },
};
