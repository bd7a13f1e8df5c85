import type { OnManualJournalRequested } from '@atlas/generated-workflow';
import { ask, type Asking } from './ask.ts';

export const onManualJournalRequested =
  (asking: Asking): OnManualJournalRequested.Handler =>
  async ({ data, ctx }, tx): Promise<OnManualJournalRequested.Result> => {
    const { journalId, version, digest, total, requesterId } = data;
    const { amountMinor, currency } = total;
    const subject = { id: journalId, version, digest, requesterId, amount: amountMinor, currency, details: {} };
    return ask(asking, tx, { type: 'JOURNAL', ...subject }, ctx);
  };
