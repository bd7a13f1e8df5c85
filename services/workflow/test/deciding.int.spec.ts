import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'slonik';
import { beforeAll, describe, expect, it } from 'vitest';
import { slonikOf, rows } from '@atlas/runtime/slonik';
import { checkAudit } from '../src/adapters/checkAudit.ts';
import {
  adjustmentRequested,
  anOrder,
  cancelled,
  journalRequested,
  pending,
  refundRequested,
  reserved,
} from './handlers.ts';
import { DIGEST } from './samples.ts';
import type { WorkflowDatabase } from './workflowDatabase.ts';
import { workflowScene, type Asked, type WorkflowService } from './workflowService.ts';

/** PostgreSQL, appendix A. */
const INSUFFICIENT_PRIVILEGE = '42501';
const run = promisify(execFile);

let database: WorkflowDatabase;
let service: WorkflowService;

beforeAll(async () => {
  const scene = await workflowScene('deciding');
  ({ database, service } = scene);
  return () => scene.close();
});

const APPROVE = { decision: 'APPROVE', subjectVersion: 3, digest: DIGEST };

const decide = (path: string, body: object = APPROVE, { headers, ...asked }: Asked = {}) =>
  service.post(`${path}/decisions`, { body, headers: { 'if-match': '"1"', ...headers }, ...asked });

/** How many events were sent about a subject, by their sequences, because the relay deletes rows of the outbox. */
const sentAbout = (subjectId: string) =>
  database.read(async (read) => {
    const { sent } = await slonikOf(read).one(sql.prepared('test.sent', rows<{ readonly sent: bigint }>())`
      SELECT coalesce(sum(n), 0)::int8 AS sent FROM atlas_sequence WHERE key = ${subjectId}`);
    return sent;
  });

describe('an order that was reserved', () => {
  it('is granted at once if it is small, and nobody is asked', async () => {
    const order = anOrder({ total: { amountMinor: 100_000n, currency: 'EUR' } });
    const { events } = await reserved(database, order);
    expect(events).toMatchObject([
      {
        type: 'ApprovalGranted',
        data: { subjectType: 'ORDER', subjectId: order.orderId, subjectVersion: 3n, digest: DIGEST, auto: true },
      },
    ]);
    expect(events).toMatchObject([{ data: { policyId: 'order', policyVersion: 1n, deciders: [] } }]);
  });

  it('needs an approval if it is larger, with a timer for the deadline and one for the escalation', async () => {
    const { events, timers } = await reserved(database, anOrder());
    expect(events).toMatchObject([
      { type: 'ApprovalRequested', data: { amountMinor: 100_001n, currency: 'EUR', requesterId: 'ops-1', steps: 1 } },
    ]);
    expect(timers).toMatchObject([
      { set: 'stepDeadline', data: { step: 1 } },
      { set: 'stepEscalation', data: { step: 1 } },
    ]);
  });

  it('is a no-op if it comes a second time', async () => {
    const order = anOrder();
    await reserved(database, order);
    expect(await reserved(database, order)).toEqual({ events: [], noop: 'PENDING' });
  });
});

describe('what always needs a second person', () => {
  it.each([
    ['a refund', () => refundRequested(database, false), { subjectType: 'REFUND', amountMinor: 1n, currency: 'KWD' }],
    ['a journal', () => journalRequested(database), { subjectType: 'JOURNAL', amountMinor: 1n, currency: 'KWD' }],
    [
      'less stock',
      () => adjustmentRequested(database, -3n),
      { subjectType: 'ADJUSTMENT', amountMinor: 3n, currency: null },
    ],
    [
      'more stock',
      () => adjustmentRequested(database, 3n),
      { subjectType: 'ADJUSTMENT', amountMinor: 3n, currency: null },
    ],
  ])('is %s, whatever the amount', async (_what, requested, data) => {
    const { events } = await requested();
    expect(events).toMatchObject([
      { type: 'ApprovalRequested', data: { ...data, steps: 1, requesterId: 'finance-1' } },
    ]);
  });

  it('is not a refund that the saga owes', async () => {
    expect(await refundRequested(database, true)).toEqual({ events: [], noop: 'AUTOMATIC' });
  });

  it.each([
    [
      'of stock',
      () => adjustmentRequested(database, -3n),
      { type: 'ADJUSTMENT', quantity: 3, adjustment: { sku: 'BOLT-M8', expectedOnHand: 10, delta: -3 } },
    ],
    [
      'of an order',
      () => reserved(database, anOrder()),
      {
        type: 'ORDER',
        total: { amountMinor: 100_001, currency: 'EUR' },
        order: { lines: [{ sku: 'BOLT-M8', qty: 10, unitPrice: { preciseAmount: 84_034, fractionDigits: 3 } }] },
      },
    ],
    [
      'of the books',
      () => journalRequested(database),
      {
        type: 'JOURNAL',
        journal: {
          description: 'The bank took its fee',
          effectiveDate: '2026-11-24',
          lines: [
            { account: 'FEES', side: 'DEBIT', amount: { amountMinor: 1, currency: 'KWD' } },
            { account: 'BANK', side: 'CREDIT', amount: { amountMinor: 1, currency: 'KWD' } },
          ],
        },
      },
    ],
  ])('shows the approver each line %s', async (_what, requested, subject) => {
    const [event] = (await requested()).events;
    if (event?.type !== 'ApprovalRequested') throw new Error('nobody is asked');
    const path = `/v1/approvals/${event.data.approvalId}`;
    expect(await service.ask('GET', path)).toMatchObject({ status: 200, body: { subject } });
  });

  it('has no lines if its owner does not send them yet', async () => {
    const older = { lines: [], description: '', effectiveDate: null };
    for (const { events } of [
      await reserved(database, anOrder({ lines: [] })),
      await journalRequested(database, older),
    ]) {
      const [event] = events;
      if (event?.type !== 'ApprovalRequested') throw new Error('nobody is asked');
      const { body } = await service.ask('GET', `/v1/approvals/${event.data.approvalId}`);
      expect(body).not.toHaveProperty('subject.order');
      expect(body).not.toHaveProperty('subject.journal');
    }
  });
});

describe('decideApproval', () => {
  it('grants the request, shows what was decided, and sends StepDecided and ApprovalGranted', async () => {
    const order = anOrder();
    const path = await pending(database, order);
    const answer = await decide(path, { ...APPROVE, comment: 'known customer' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        state: 'APPROVED',
        automatic: false,
        subject: { type: 'ORDER', id: order.orderId, version: 3, digest: DIGEST, total: { amountMinor: 100_001 } },
        steps: [{ step: 1, state: 'APPROVED', quorum: 1, approvals: 1, role: 'approver' }],
        decisions: [{ decision: 'APPROVE', actorId: 'approver-1', comment: 'known customer', digest: DIGEST }],
      },
    });
    expect(answer.headers.get('etag')).toBe('"2"');
    const read = await service.ask('GET', path, { as: 'ops-1' });
    expect(read).toMatchObject({ status: 200, body: answer.body });
    expect(await sentAbout(order.orderId)).toBe(2n);
  });

  it('rejects the request with a comment, and sends StepDecided and ApprovalRejected', async () => {
    const order = anOrder();
    const path = await pending(database, order);
    const answer = await decide(path, { ...APPROVE, decision: 'REJECT', comment: 'too dear' });
    expect(answer).toMatchObject({ status: 200, body: { state: 'REJECTED', steps: [{ state: 'REJECTED' }] } });
    expect(await sentAbout(order.orderId)).toBe(2n);
  });

  it('with one key sent twice gives the same answer twice, and decides once', async () => {
    const path = await pending(database);
    const headers = { 'idempotency-key': 'once' };
    const first = await decide(path, APPROVE, { headers });
    const second = await decide(path, APPROVE, { headers });
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each([
    ['about an older version', 409, 'subject-version-differs', { subjectVersion: 2 }, {}],
    ['about another digest', 409, 'subject-digest-differs', { digest: '0'.repeat(64) }, {}],
    ['by the requester', 403, 'requester-may-not-decide', {}, { as: 'ops-1', roles: ['ops', 'approver'] }],
    ['by an admin who made themself an approver', 401, 'unauthenticated', {}, { roles: ['admin', 'approver'] }],
    ['by an admin', 403, 'forbidden-role', {}, { as: 'admin-1' }],
    ['by ops', 403, 'forbidden-role', {}, { as: 'ops-2' }],
    ['by finance, before it is escalated', 403, 'not-eligible', {}, { as: 'finance-1' }],
    ['in the name of somebody who did not delegate', 403, 'delegation-not-active', { onBehalfOf: 'approver-2' }, {}],
    ['that rejects without a comment', 422, 'comment-missing', { decision: 'REJECT' }, {}],
    ['at a stale version of the request', 412, 'version-conflict', {}, { headers: { 'if-match': '"7"' } }],
    ['without a digest', 400, 'validation-failed', { digest: undefined }, {}],
  ] as const)('is refused %s: %d %s', async (_what, status, code, some, asked) => {
    const path = await pending(database);
    expect(await decide(path, { ...APPROVE, ...some }, asked)).toMatchObject({ status, body: { code } });
    expect(await service.ask('GET', path)).toMatchObject({ body: { state: 'PENDING', decisions: [] } });
  });

  it('twice is refused', async () => {
    const path = await pending(database);
    await decide(path);
    expect(await decide(path, APPROVE, { headers: { 'if-match': '"2"' } })).toMatchObject({
      status: 409,
      body: { code: 'approval-not-pending' },
    });
  });

  it('of an unknown request is refused', async () => {
    expect(await decide('/v1/approvals/0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e00')).toMatchObject({
      status: 404,
      body: { code: 'approval-not-found' },
    });
  });
});

describe('a quorum of two', () => {
  const asked = async () => {
    const [event] = (await refundRequested(database, false)).events;
    if (event?.type !== 'ApprovalRequested') throw new Error('nobody is asked');
    return `/v1/approvals/${event.data.approvalId}`;
  };
  const approve = (path: string, as: string, version: string) =>
    decide(path, { ...APPROVE, subjectVersion: 1 }, { as, headers: { 'if-match': version } });
  const statuses = async (...answers: readonly ReturnType<typeof decide>[]) =>
    new Set((await Promise.all(answers)).map(({ status }) => status));

  beforeAll(() => service.publish('refund', [{ quorum: 2, role: 'approver', deadlineSeconds: 3600 }]));

  it('is not met by one person, who decides twice at once and then again', async () => {
    const path = await asked();
    expect(await statuses(approve(path, 'approver-1', '"1"'), approve(path, 'approver-1', '"1"'))).toEqual(
      new Set([200, 412]),
    );
    expect(await approve(path, 'approver-1', '"2"')).toMatchObject({ status: 409, body: { code: 'already-decided' } });
    expect(await service.ask('GET', path)).toMatchObject({ body: { state: 'PENDING', steps: [{ approvals: 1 }] } });
  });

  it('is met by two people, one of whom has to read again if both decide at once', async () => {
    const path = await asked();
    expect(await statuses(approve(path, 'approver-1', '"1"'), approve(path, 'approver-2', '"1"'))).toEqual(
      new Set([200, 412]),
    );
    expect(await statuses(approve(path, 'approver-1', '"2"'), approve(path, 'approver-2', '"2"'))).toContain(200);
    expect(await service.ask('GET', path)).toMatchObject({ body: { state: 'APPROVED', steps: [{ approvals: 2 }] } });
  });
});

describe('an order that is cancelled', () => {
  it('ends its request, and then nobody can decide it', async () => {
    const order = anOrder();
    const path = await pending(database, order);
    const ending = await cancelled(database, order.orderId);
    expect(ending).toMatchObject({
      events: [{ type: 'ApprovalCancelled', data: { subjectId: order.orderId, digest: DIGEST } }],
      timers: [{ cancel: 'stepDeadline' }, { cancel: 'stepEscalation' }],
    });
    expect(await decide(path)).toMatchObject({ status: 412 });
    expect(await decide(path, APPROVE, { headers: { 'if-match': '"2"' } })).toMatchObject({
      status: 409,
      body: { code: 'approval-not-pending', detail: 'the request is CANCELLED' },
    });
  });

  it('after the decision changes nothing', async () => {
    const order = anOrder();
    const path = await pending(database, order);
    await decide(path);
    expect(await cancelled(database, order.orderId)).toEqual({ events: [], noop: 'APPROVED' });
  });

  it('while it is decided: one of the two ends the request, and the other one is refused', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const order = anOrder();
        const path = await pending(database, order);
        const [decision, ending] = await Promise.all([decide(path), cancelled(database, order.orderId)]);
        return [decision.status, ending.events.length].join();
      }),
    );
    expect(outcomes.filter((outcome) => outcome !== '200,0' && outcome !== '412,1')).toEqual([]);
  });

  it('without having been reserved means nothing', async () => {
    expect(await cancelled(database, anOrder().orderId)).toEqual({ events: [], noop: 'UNKNOWN' });
  });
});

describe('time', () => {
  it('is that of the database: a decision after the deadline is refused before the timer fires', async () => {
    const path = await pending(database);
    const approvalId = path.replace('/v1/approvals/', '');
    await database.asOwner(`UPDATE approval SET due_at = clock_timestamp() WHERE approval_id = '${approvalId}'`);
    expect(await decide(path)).toMatchObject({ status: 409, body: { code: 'deadline-passed' } });
  });

  it('escalates a step, then ends the request', async () => {
    const first = { quorum: 1, role: 'approver', deadlineSeconds: 3600 };
    const second = { ...first, deadlineSeconds: 2, escalation: { afterSeconds: 1, role: 'finance' } };
    await service.publish('order', [first, second]);
    const order = anOrder();
    const path = await pending(database, order);
    // the decision activates the second step, so its timers are set by the plumbing
    expect(await decide(path)).toMatchObject({ body: { state: 'PENDING', step: 2, escalated: false } });
    const body = async () => (await service.ask('GET', path)).body;
    await expect.poll(body, { interval: 100 }).toMatchObject({ state: 'PENDING', escalated: true });
    await expect.poll(body, { interval: 100 }).toMatchObject({
      state: 'EXPIRED',
      steps: [{ state: 'APPROVED' }, { state: 'ENDED' }],
    });
    // StepDecided, ApprovalEscalated, ApprovalExpired
    expect(await sentAbout(order.orderId)).toBe(3n);
  });
});

describe('the audit chain', () => {
  it('is intact after all of these decisions, and the command that verifies it says so', async () => {
    expect(await database.read(checkAudit)).toMatchObject({ intact: true });
    const verify = fileURLToPath(new URL('../src/verifyAudit.ts', import.meta.url));
    const { stdout } = await run(process.execPath, [verify], { env: { ...process.env, DATABASE_URL: database.url } });
    expect(stdout).toMatch(/^workflow: \d+ entries, none was changed$/m);
  });

  const last = '(SELECT max(seq) FROM audit_entry)';
  it.each([
    ['an entry is changed', [`UPDATE audit_entry SET facts = replace(facts, 'REJECT', 'APPROVE')`]],
    [
      'an entry is removed with its decision',
      ['DELETE FROM decision WHERE audit_seq = 1', 'DELETE FROM audit_entry WHERE seq = 1'],
    ],
    [
      'the end is cut off',
      [`DELETE FROM decision WHERE audit_seq = ${last}`, `DELETE FROM audit_entry WHERE seq = ${last}`],
    ],
    ['a decision names somebody else', [`UPDATE decision SET actor_id = 'somebody' WHERE audit_seq = 1`]],
    ['a decision is about another digest', [`UPDATE decision SET digest = repeat('0', 64) WHERE audit_seq = 1`]],
    ['a decision is removed', ['DELETE FROM decision WHERE audit_seq = 1']],
    ['the subject is another one', ['UPDATE approval SET subject_id = gen_random_uuid()']],
  ])('is broken if %s', async (_what, statements) => {
    expect(await database.mutated(statements, checkAudit)).toMatchObject({ intact: false });
  });
});

describe('the database', () => {
  it.each([
    ['what somebody decided', `UPDATE decision SET verdict = 'APPROVE'`],
    ['that somebody decided', 'DELETE FROM decision'],
    ['what is in the audit chain', `UPDATE audit_entry SET facts = ''`],
    ['how long the audit chain is', 'DELETE FROM audit_entry'],
    ['what is to be approved', 'UPDATE approval SET digest = subject_id'],
    ['who has to approve', `UPDATE approval SET steps = '[]'`],
    ['the rules of a policy', `UPDATE policy_version SET rules = '[]'`],
    ['who delegated', `UPDATE delegation SET delegator_id = ''`],
  ])('does not let the role of the service change %s', async (_what, statement) => {
    const query = { ...sql.unsafe`SELECT`, sql: statement };
    await expect(database.transaction((tx) => slonikOf(tx).query(query))).rejects.toMatchObject({
      code: INSUFFICIENT_PRIVILEGE,
    });
  });
});
