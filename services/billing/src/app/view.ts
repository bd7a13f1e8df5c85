import type { components } from '@atlas/generated-billing';
import type { Invoice } from '../domain/invoice.ts';

/** One of them, as the contract shows it. */
export function view(invoice: Invoice): components['schemas']['Invoice'] {
  const { invoiceId, subject, state, openedBy, openedAt } = invoice;
  return {
    invoiceId,
    subject,
    state,
    openedBy,
    openedAt: openedAt.toISOString(),
    ...(invoice.state === 'CLOSED' ? { closedAt: invoice.closedAt.toISOString() } : {}),
  };
}
