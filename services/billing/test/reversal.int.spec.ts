import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReverseJournal } from '@atlas/generated-billing';
import { microsOf } from '@atlas/runtime/time';
import { onApprovalEnded } from '../src/app/onApprovalEnded.ts';
import { onApprovalGranted } from '../src/app/onApprovalGranted.ts';
import { postManualJournal } from '../src/app/postManualJournal.ts';
import { reverseJournal } from '../src/app/reverseJournal.ts';
import { billingDatabase, type BillingDatabase } from './billingDatabase.ts';
import { aCtx, aMeta, ports } from './scene.ts';

let database: BillingDatabase;
beforeAll(async () => {
  database = await billingDatabase(`billing_reversal_${process.pid}`);
});
afterAll(() => database.close());
afterEach(() => database.mustTieOut());

const TODAY = new Date().toISOString().slice(0, 10);
const fee = { amountMinor: 500, currency: 'EUR' };

/** A journal by hand, or its reversal, that waits for its approval. */
interface Asked {
  readonly journalId: string;
  readonly digest: string;
}

async function ask(): Promise<Asked> {
  const body = {
    description: 'The bank took its fee',
    effectiveDate: TODAY,
    lines: [
      { account: 'FEES' as const, side: 'DEBIT' as const, amount: fee },
      { account: 'BANK' as const, side: 'CREDIT' as const, amount: fee },
    ],
  };
  const answer = await database.transaction((tx) => postManualJournal(ports)({ body, ctx: aCtx() }, tx));
  if (answer.status !== 201) throw new Error('not requested');
  return answer.body;
}

const decision = ({ journalId, digest }: Asked) => ({
  approvalId: randomUUID(),
  subjectType: 'JOURNAL' as const,
  subjectId: journalId,
  subjectVersion: 1n,
  digest,
});

const grant = (asked: Asked) =>
  database.transaction((tx) => {
    const decidedAt = microsOf(new Date());
    const data = { ...decision(asked), auto: false, policyId: 'journal', policyVersion: 1n, deciders: [], decidedAt };
    return onApprovalGranted(ports)({ data, meta: aMeta(), ctx: aCtx() }, tx);
  });

async function posted(): Promise<Asked> {
  const asked = await ask();
  await grant(asked);
  return asked;
}

const reverse = (journalId: string, effectiveDate = TODAY): Promise<ReverseJournal.Result> =>
  database.transaction((tx) => {
    const body = { description: 'It was booked twice', effectiveDate };
    return reverseJournal(ports)({ params: { journalId }, body, ctx: aCtx() }, tx);
  });

function requested(answer: ReverseJournal.Result): Asked {
  if (answer.status !== 201) throw new Error(`not requested: ${answer.status}`);
  return answer.body;
}

const refused = (status: number, code: string) => ({ status, problem: { code } });

describe('a reversal', () => {
  it('exchanges debits and credits, names the journal, and is posted once it is approved', async () => {
    const { journalId } = await posted();
    const answer = await reverse(journalId);
    const lines = [
      { account: 'FEES', side: 'CREDIT', amount: { amountMinor: 500n, currency: 'EUR' } },
      { account: 'BANK', side: 'DEBIT', amount: { amountMinor: 500n, currency: 'EUR' } },
    ];
    expect(answer).toMatchObject({
      status: 201,
      body: { state: 'REQUESTED', reverses: journalId },
      events: [{ type: 'ManualJournalRequested', data: { reverses: journalId, lines } }],
    });
    expect(await grant(requested(answer))).toMatchObject({
      events: [{ type: 'JournalPosted', data: { kind: 'REVERSAL', reference: journalId, lines } }],
    });
  });

  it('is refused if one is requested or posted already, and possible again after a rejection', async () => {
    const { journalId } = await posted();
    const first = requested(await reverse(journalId));
    expect(await reverse(journalId)).toMatchObject(refused(409, 'journal-reversed'));
    await database.transaction((tx) => onApprovalEnded(ports)({ data: decision(first), ctx: aCtx() }, tx));
    await grant(requested(await reverse(journalId)));
    expect(await reverse(journalId)).toMatchObject(refused(409, 'journal-reversed'));
  });

  it('that is requested twice at once is requested once', async () => {
    const { journalId } = await posted();
    const answers = await Promise.all([reverse(journalId), reverse(journalId)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  it('is refused for a journal that nobody has posted by hand', async () => {
    expect(await reverse(randomUUID())).toMatchObject(refused(404, 'journal-not-found'));
    const waiting = await ask();
    expect(await reverse(waiting.journalId)).toMatchObject(refused(409, 'journal-not-reversible'));
    const { journalId } = await posted();
    const reversal = requested(await reverse(journalId));
    await grant(reversal);
    expect(await reverse(reversal.journalId)).toMatchObject(refused(409, 'journal-not-reversible'));
  });

  it.each([
    ['before that of the journal', '2026-01-01', 'date-before-journal'],
    ['to come', '2199-12-31', 'date-in-future'],
  ])('is refused for a day %s', async (_what, day, code) => {
    const { journalId } = await posted();
    expect(await reverse(journalId, day)).toMatchObject(refused(422, code));
  });
});
