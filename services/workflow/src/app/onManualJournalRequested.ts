import type { OnManualJournalRequested } from '@atlas/generated-workflow';
import type { Details } from '../domain/policy.ts';
import { ask, type Asking } from './ask.ts';
import { jsonMoney } from './jsonMoney.ts';

export const onManualJournalRequested =
  (asking: Asking): OnManualJournalRequested.Handler =>
  async ({ data, ctx }, tx): Promise<OnManualJournalRequested.Result> => {
    const { journalId, version, digest, total, requesterId } = data;
    const { amountMinor, currency } = total;
    const details = detailsOf(data);
    const subject = { id: journalId, version, digest, requesterId, amount: amountMinor, currency, details };
    return ask(asking, tx, { type: 'JOURNAL', ...subject }, ctx);
  };

/** The lines to post. Events of older producers do not have them. */
function detailsOf({
  description,
  effectiveDate,
  reverses,
  lines,
}: Parameters<OnManualJournalRequested.Handler>[0]['data']): Details {
  if (lines.length === 0) return {};
  return {
    journal: {
      description,
      ...(effectiveDate === null ? {} : { effectiveDate }),
      ...(reverses === null ? {} : { reverses }),
      // an unknown side is an error, because it would be shown as a different side
      lines: lines.map(({ account, side, amount }) => ({ account, side: known(side), amount: jsonMoney(amount) })),
    },
  };
}

function known(side: 'UNSPECIFIED' | 'DEBIT' | 'CREDIT'): 'DEBIT' | 'CREDIT' {
  if (side === 'UNSPECIFIED') throw new Error('a line of the journal has a side that this version does not know');
  return side;
}
