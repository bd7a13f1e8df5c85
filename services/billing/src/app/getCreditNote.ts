import type { GetCreditNote } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { viewCreditNote } from './view.ts';

export const getCreditNote =
  ({ creditNotes, invoices }: Pick<Ports, 'creditNotes' | 'invoices'>): GetCreditNote.Handler =>
  async ({ params }, read): Promise<GetCreditNote.Result> => {
    const { creditNoteId } = params;
    const found = await creditNotes.read(read, creditNoteId);
    const invoice = found && (await invoices.read(read, found.invoiceId));
    if (!invoice)
      return {
        status: 404,
        problem: { code: 'credit-note-not-found', detail: `there is no credit note ${creditNoteId}` },
      };
    return { status: 200, body: viewCreditNote(found, invoice.currency), version: 1n };
  };
