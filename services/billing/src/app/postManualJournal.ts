import type { PostManualJournal } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { refusal } from './refusal.ts';
import { requestJournal } from './requestJournal.ts';

export const postManualJournal =
  (ports: Pick<Ports, 'manualJournals' | 'periods' | 'sha256'>): PostManualJournal.Handler =>
  async ({ body, ctx }, tx): Promise<PostManualJournal.Result> => {
    const lines = body.lines.map(({ account, side, amount }) => ({
      account,
      side,
      amount: BigInt(amount.amountMinor),
      currency: amount.currency,
    }));
    const { description, effectiveDate } = body;
    const requested = await requestJournal(ports, tx, ctx, { description, effectiveDate, lines, reverses: undefined });
    return 'answer' in requested ? requested.answer : refusal(requested.code, requested.pointer, requested.detail);
  };
