import type { PostManualJournal } from '@atlas/generated-billing';
import { canonicalJournal, journalProblem, type ManualJournal } from '../domain/manualJournal.ts';
import type { Ports } from '../ports.ts';
import { manualJournalRequested } from './events.ts';
import { refusal } from './refusal.ts';
import { viewManualJournal } from './view.ts';

export const postManualJournal =
  ({
    manualJournals,
    periods,
    sha256,
  }: Pick<Ports, 'manualJournals' | 'periods' | 'sha256'>): PostManualJournal.Handler =>
  async ({ body, ctx }, tx): Promise<PostManualJournal.Result> => {
    const { description, effectiveDate } = body;
    const lines = body.lines.map(({ account, side, amount }) => ({
      account,
      side,
      amount: BigInt(amount.amountMinor),
      currency: amount.currency,
    }));
    const closedThrough = await periods.closedThrough(tx);
    const problem = journalProblem({ effectiveDate, lines }, { now: ctx.now, closedThrough });
    if (problem) return refusal(problem.code, problem.pointer, problem.detail);
    const terms = {
      journalId: ctx.newId(),
      description,
      effectiveDate,
      currency: lines[0]?.currency ?? '',
      entries: lines.map(({ account, side, amount }) => ({ account, side, amount })),
      requesterId: ctx.actor.id,
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
      status: 201,
      body: viewManualJournal(journal),
      version: journal.version,
      headers: { Location: `/v1/manual-journals/${journal.journalId}` },
      events: [manualJournalRequested(journal)],
    };
  };
