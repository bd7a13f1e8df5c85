import type { ReverseJournal } from '@atlas/generated-billing';
import { reversalOf } from '../domain/manualJournal.ts';
import type { Ports } from '../ports.ts';
import { refusal } from './refusal.ts';
import { requestJournal } from './requestJournal.ts';

export const reverseJournal =
  (ports: Pick<Ports, 'ledger' | 'manualJournals' | 'periods' | 'sha256'>): ReverseJournal.Handler =>
  async ({ params, body, ctx }, tx): Promise<ReverseJournal.Result> => {
    const { journalId } = params;
    // locks the row, so that two reversals come one after the other
    const original = await ports.manualJournals.load(tx, journalId);
    if (original === undefined && (await ports.ledger.read(tx, journalId)) === undefined)
      return { status: 404, problem: { code: 'journal-not-found', detail: `there is no journal ${journalId}` } };
    if (original === undefined || original.state !== 'POSTED' || original.reverses !== undefined)
      return {
        status: 409,
        problem: { code: 'journal-not-reversible', detail: 'only a journal that was posted by hand can be reversed' },
      };
    if (await ports.manualJournals.isReversed(tx, journalId))
      return {
        status: 409,
        problem: { code: 'journal-reversed', detail: 'a reversal of this journal is requested or posted' },
      };
    const { effectiveDate, description } = body;
    if (effectiveDate < original.effectiveDate)
      return refusal('date-before-journal', '/effectiveDate', `the journal is of ${original.effectiveDate}`);
    const requested = await requestJournal(ports, tx, ctx, reversalOf(original, { description, effectiveDate }));
    if ('answer' in requested) return requested.answer;
    const { code, pointer, detail } = requested;
    // the lines were good when the journal was posted, so only the date can be wrong
    if (code === 'period-closed' || code === 'date-in-future') return refusal(code, pointer, detail);
    throw new Error(`a journal that was posted can't be reversed: ${detail}`);
  };
