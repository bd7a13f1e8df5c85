import type { OnApprovalGranted } from '@atlas/generated-billing';
import { decide } from '../domain/manualJournal.ts';
import { approve } from '../domain/refund.ts';
import type { Ports } from '../ports.ts';
import { submitting } from './collect.ts';
import { journalPosted } from './events.ts';
import { lockRefund } from './lockRefund.ts';

export const onApprovalGranted =
  (ports: Ports): OnApprovalGranted.Handler =>
  async ({ data, ctx }, tx): Promise<OnApprovalGranted.Result> => {
    switch (data.subjectType) {
      case 'REFUND': {
        const locked = await lockRefund(ports, tx, data.subjectId);
        const approved = locked && approve(locked.refund, data);
        if (!approved) return { events: [], noop: locked?.refund.state ?? 'UNKNOWN' };
        await ports.refunds.save(tx, approved);
        return { events: [], effects: submitting(approved, locked.payment) };
      }
      case 'JOURNAL': {
        const journal = await ports.manualJournals.load(tx, data.subjectId);
        const approved = journal && decide(journal, 'POSTED', data);
        if (!approved) return { events: [], noop: journal?.state ?? 'UNKNOWN' };
        await ports.manualJournals.save(tx, approved);
        const { journalId, effectiveDate, currency, entries, reverses } = approved;
        const posted = await ports.ledger.post(tx, {
          journalId,
          kind: reverses === undefined ? 'MANUAL' : 'REVERSAL',
          reference: reverses ?? journalId,
          effectiveDate,
          currency,
          entries,
          postedAt: ctx.now,
        });
        return { events: [journalPosted(posted)] };
      }
      case 'ORDER':
      case 'ADJUSTMENT':
      case 'UNSPECIFIED':
        return { events: [], noop: 'OTHER_SUBJECT' };
    }
  };
