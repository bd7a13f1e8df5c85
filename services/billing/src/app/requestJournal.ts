import type { ManualJournalRequestedEvent, PostManualJournal } from '@atlas/generated-billing';
import {
  canonicalJournal,
  journalProblem,
  type JournalProblem,
  type ManualJournal,
  type WantedJournal,
} from '../domain/manualJournal.ts';
import type { Ports, Tx } from '../ports.ts';
import { manualJournalRequested } from './events.ts';
import { viewManualJournal } from './view.ts';

type Ctx = Pick<Parameters<PostManualJournal.Handler>[0]['ctx'], 'now' | 'newId' | 'actor'>;

interface Requested {
  readonly answer: {
    readonly status: 201;
    readonly body: ReturnType<typeof viewManualJournal>;
    readonly version: bigint;
    readonly headers: { readonly Location: string };
    readonly events: readonly [ManualJournalRequestedEvent];
  };
}

/** Stores a journal that waits for its approval. Returns what is wrong with it, if anything. */
export async function requestJournal(
  { manualJournals, periods, sha256 }: Pick<Ports, 'manualJournals' | 'periods' | 'sha256'>,
  tx: Tx,
  ctx: Ctx,
  wanted: WantedJournal,
): Promise<Requested | JournalProblem> {
  const closedThrough = await periods.closedThrough(tx);
  const problem = journalProblem(wanted, { now: ctx.now, closedThrough });
  if (problem) return problem;
  const { description, effectiveDate, lines, reverses } = wanted;
  const terms = {
    journalId: ctx.newId(),
    description,
    effectiveDate,
    currency: lines[0]?.currency ?? '',
    entries: lines.map(({ account, side, amount }) => ({ account, side, amount })),
    requesterId: ctx.actor.id,
    reverses,
  };
  const journal: ManualJournal = {
    ...terms,
    version: 1n,
    state: 'REQUESTED',
    digest: sha256(canonicalJournal(terms)),
    requestedAt: ctx.now,
  };
  await manualJournals.insert(tx, journal);
  return {
    answer: {
      status: 201,
      body: viewManualJournal(journal),
      version: journal.version,
      headers: { Location: `/v1/manual-journals/${journal.journalId}` },
      events: [manualJournalRequested(journal)],
    },
  };
}
