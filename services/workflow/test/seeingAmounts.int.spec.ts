import { beforeAll, describe, expect, it } from 'vitest';
import { adjustmentRequested, anOrder, journalRequested, refundRequested, reserved } from './handlers.ts';
import type { WorkflowDatabase } from './workflowDatabase.ts';
import { workflowScene, type WorkflowService } from './workflowService.ts';

let database: WorkflowDatabase;
let service: WorkflowService;

beforeAll(async () => {
  const scene = await workflowScene('seeing');
  ({ database, service } = scene);
  return () => scene.close();
});

/** Members that say an amount of money. */
const AMOUNTS = /"(total|unitPrice|net|tax|amount|amountMinor|preciseAmount)"/;

type Requested = () => Promise<{ readonly events: readonly { readonly type: string; readonly data: object }[] }>;

/** What a service shows of one request: as an item of the list, by itself, and after a reassignment if it may. */
async function shown(id: string, as: string, roles?: readonly string[]): Promise<readonly unknown[]> {
  const asked = { as, ...(roles ? { roles } : {}) };
  const list = await service.ask('GET', '/v1/approvals?state=PENDING&limit=200', asked);
  const { items } = list.body as { readonly items: readonly { readonly approvalId: string }[] }; // cast: the contract
  const one = await service.ask('GET', `/v1/approvals/${id}`, asked);
  expect([list.status, one.status]).toEqual([200, 200]);
  return [items.find(({ approvalId }) => approvalId === id), one.body];
}

/** Hands the event in and gives the id of the request. */
async function asking(requested: Requested): Promise<string> {
  const [event] = (await requested()).events;
  if (!event || !('approvalId' in event.data)) throw new Error(`nobody is asked: ${event?.type}`);
  return String(event.data.approvalId);
}

describe('a request', () => {
  it.each([
    [
      'an order',
      () => reserved(database, anOrder()),
      { type: 'ORDER', order: { lines: [{ lineId: expect.any(String), sku: 'BOLT-M8', qty: 10 }] } },
    ],
    ['a refund', () => refundRequested(database, false), { type: 'REFUND', refund: { paymentId: expect.any(String) } }],
    [
      'a journal',
      () => journalRequested(database),
      {
        type: 'JOURNAL',
        journal: {
          description: 'The bank took its fee',
          lines: [
            { account: 'FEES', side: 'DEBIT' },
            { account: 'BANK', side: 'CREDIT' },
          ],
        },
      },
    ],
  ] satisfies readonly (readonly [string, Requested, object])[])(
    'about %s shows an admin all but money',
    async (_what, requested, subject) => {
      const id = await asking(requested);
      const seen = await shown(id, 'admin-1');
      const reassigned = await service.post(`/v1/approvals/${id}/reassign`, {
        as: 'admin-1',
        body: { assignees: ['approver-5'], comment: 'holiday' },
        headers: { 'if-match': '"1"' },
      });
      expect(reassigned).toMatchObject({ status: 200, body: { assignees: ['approver-5'] } });
      expect(seen[1]).toMatchObject({ subject });
      expect(reassigned.body).toMatchObject({ subject });
      for (const body of [...seen, reassigned.body]) expect(JSON.stringify(body)).not.toMatch(AMOUNTS);
      for (const body of await shown(id, 'approver-1')) expect(JSON.stringify(body)).toMatch(AMOUNTS);
      for (const body of await shown(id, 'admin-ops', ['admin', 'ops'])) expect(JSON.stringify(body)).toMatch(AMOUNTS);
    },
  );

  it('about stock shows an admin the quantity, because it is not money', async () => {
    const id = await asking(() => adjustmentRequested(database, -3n));
    for (const body of await shown(id, 'admin-1')) expect(body).toMatchObject({ subject: { quantity: 3 } });
  });
});
