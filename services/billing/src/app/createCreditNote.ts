import type { CreateCreditNote } from '@atlas/generated-billing';
import { dayOf } from '../domain/calendar.ts';
import { wantedCredit } from '../domain/wantedCredit.ts';
import type { Ports } from '../ports.ts';
import { creditInvoice } from './creditInvoice.ts';
import { refusal } from './refusal.ts';
import { viewCreditNote } from './view.ts';

export const createCreditNote =
  (ports: Pick<Ports, 'invoices' | 'creditNotes' | 'payments' | 'ledger' | 'numbers'>): CreateCreditNote.Handler =>
  async ({ params, body, ifMatch, ctx }, tx): Promise<CreateCreditNote.Result> => {
    const invoice = await ports.invoices.load(tx, params.invoiceId, ifMatch);
    if (!invoice)
      return { status: 404, problem: { code: 'invoice-not-found', detail: `there is no invoice ${params.invoiceId}` } };
    const wanted = wantedCredit(
      invoice,
      body.lines.map(({ lineId, net }) => ({
        lineId: lineId.toLowerCase(),
        net: net && { amountMinor: BigInt(net.amountMinor), currency: net.currency },
      })),
    );
    if (!wanted.ok) {
      const { code, index, detail } = wanted.problem;
      return refusal(code, `/lines/${index}`, detail);
    }
    const {
      creditNote,
      credited,
      paid,
      journal,
      effects,
      invoice: after,
    } = await creditInvoice(ports, tx, ctx, invoice, {
      lines: wanted.lines,
      reason: 'REQUESTED',
      note: body.note,
      requestedBy: ctx.actor.id,
      effectiveDate: dayOf(ctx.now),
    });
    return {
      status: 201,
      body: viewCreditNote(creditNote, invoice.currency),
      version: after.version,
      headers: { Location: `/v1/credit-notes/${creditNote.creditNoteId}` },
      events: [credited, ...paid, journal],
      effects,
    };
  };
