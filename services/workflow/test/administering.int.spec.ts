import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkAudit } from '../src/adapters/checkAudit.ts';
import { anOrder, pending, reserved } from './handlers.ts';
import { DIGEST } from './samples.ts';
import type { WorkflowDatabase } from './workflowDatabase.ts';
import { workflowScene, type WorkflowService } from './workflowService.ts';

let database: WorkflowDatabase;
let service: WorkflowService;

beforeAll(async () => {
  const scene = await workflowScene('administering');
  ({ database, service } = scene);
  return () => scene.close();
});

const step = (some: object = {}) => ({ quorum: 1, role: 'approver', deadlineSeconds: 3600, ...some });
const TWO_EYES = { rules: [{ steps: [step({ quorum: 2 })] }] };

const propose = (policyId: string, body: object = TWO_EYES, as = 'admin-1') =>
  service.post(`/v1/policies/${policyId}/versions`, { body, as });

async function proposed(policyId: string): Promise<string> {
  const { headers } = await propose(policyId);
  return headers.get('location') ?? '';
}

const confirm = (path: string, as = 'admin-2') => service.post(`${path}/confirm`, { as });

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

const delegate = (as: string, delegateId: string, some: object = {}) =>
  service.post('/v1/delegations', { as, body: { delegateId, endsAt: inDays(7), ...some } });

const decide = (path: string, as: string, some: object = {}, version = '"1"') =>
  service.post(`${path}/decisions`, {
    as,
    body: { decision: 'APPROVE', subjectVersion: 3, digest: DIGEST, ...some },
    headers: { 'if-match': version },
  });

const reassign = (path: string, assignees: readonly string[], as = 'admin-1') =>
  service.post(`${path}/reassign`, { as, body: { assignees, comment: 'holiday' }, headers: { 'if-match': '"1"' } });

describe('a policy', () => {
  it('comes with the release', async () => {
    for (const policyId of ['order', 'refund', 'adjustment', 'journal'])
      expect(await service.ask('GET', `/v1/policies/${policyId}`)).toMatchObject({
        status: 200,
        body: { subjectType: policyId.toUpperCase(), inForce: { version: 1, proposedBy: 'atlas' }, proposals: [] },
      });
  });

  it('is in force once a second admin has confirmed it, and does not change a request that waits', async () => {
    const before = await pending(database);
    const path = await proposed('order');
    expect(await confirm(path, 'admin-1')).toMatchObject({ status: 403, body: { code: 'proposer-may-not-confirm' } });
    expect(await service.ask('GET', '/v1/policies/order')).toMatchObject({
      body: { inForce: { version: 1 }, proposals: [{ version: 2, proposedBy: 'admin-1' }] },
    });
    expect(await confirm(path)).toMatchObject({ status: 200, body: { version: 2, confirmedBy: 'admin-2' } });
    expect(await confirm(path)).toMatchObject({ status: 409, body: { code: 'policy-version-confirmed' } });
    expect(await decide(before, 'approver-1')).toMatchObject({
      status: 200,
      body: { state: 'APPROVED', policy: { policyId: 'order', version: 1 } },
    });
    const after = await pending(database);
    expect(await decide(after, 'approver-1')).toMatchObject({
      status: 200,
      body: { state: 'PENDING', policy: { version: 2 }, steps: [{ quorum: 2, approvals: 1 }] },
    });
    expect(await service.ask('GET', path)).toMatchObject({ status: 200, body: { version: 2, rules: TWO_EYES.rules } });
  });

  it('that is outdated cannot be confirmed', async () => {
    const older = await proposed('journal');
    await confirm(await proposed('journal'));
    expect(await confirm(older)).toMatchObject({ status: 409, body: { code: 'policy-version-outdated' } });
  });

  it('that two admins propose at once gets two numbers', async () => {
    const answers = await Promise.all([propose('refund'), propose('refund', TWO_EYES, 'admin-2')]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(2);
  });

  it.each([
    [
      'whose rules contradict themselves',
      422,
      'policy-invalid',
      'order',
      { rules: [{ currencies: ['EUR'], steps: [] }] },
    ],
    ['that lets an admin decide', 400, 'validation-failed', 'order', { rules: [{ steps: [step({ role: 'admin' })] }] }],
    ['for nothing', 404, 'policy-not-found', 'holiday', TWO_EYES],
  ] as const)('%s is refused: %d %s', async (_what, status, code, policyId, body) => {
    expect(await propose(policyId, body)).toMatchObject({ status, body: { code } });
  });

  it('cannot be changed by approvers', async () => {
    expect(await propose('order', TWO_EYES, 'approver-1')).toMatchObject({ status: 403 });
    expect(await confirm('/v1/policies/order/versions/1', 'approver-1')).toMatchObject({ status: 403 });
    expect(await confirm('/v1/policies/order/versions/99')).toMatchObject({ body: { code: 'policy-not-found' } });
  });
});

describe('a delegation', () => {
  it('lets somebody decide in the name of another person until it is revoked', async () => {
    const created = await delegate('finance-1', 'approver-9');
    const { headers } = created;
    const path = headers.get('location') ?? '';
    expect(created).toMatchObject({ status: 201, body: { delegatorId: 'finance-1', roles: ['finance'] } });
    expect(await service.ask('GET', path, { as: 'approver-9' })).toMatchObject({ status: 200, body: created.body });
    const listed = await service.ask('GET', '/v1/delegations', { as: 'approver-9' });
    expect(listed).toMatchObject({ body: { items: [created.body] } });

    await service.publish('order', [step({ role: 'finance' })]);
    const [first, second] = [await pending(database), await pending(database)];
    const waiting = await service.ask('GET', '/v1/approvals?waitingForMe=true', { as: 'approver-9' });
    expect(JSON.stringify(waiting.body)).toContain(first.replace('/v1/approvals/', ''));
    expect(await decide(first, 'approver-9', { onBehalfOf: 'finance-1' })).toMatchObject({
      status: 200,
      body: { decisions: [{ actorId: 'approver-9', onBehalfOf: 'finance-1', role: 'finance' }] },
    });

    expect(await service.ask('DELETE', path, { as: 'approver-9' })).toMatchObject({
      status: 403,
      body: { code: 'not-your-delegation' },
    });
    expect(await service.ask('DELETE', path, { as: 'finance-1' })).toMatchObject({ status: 204 });
    expect(await service.ask('DELETE', path, { as: 'finance-1' })).toMatchObject({ status: 204 });
    expect(await decide(second, 'approver-9', { onBehalfOf: 'finance-1' })).toMatchObject({
      status: 403,
      body: { code: 'delegation-not-active' },
    });
  });

  it('does not help a requester, neither as a delegate nor through one', async () => {
    await service.publish('order', [step()]);
    expect(await delegate('approver-51', 'approver-52')).toMatchObject({ status: 201 });
    expect(await delegate('approver-53', 'approver-54')).toMatchObject({ status: 201 });
    const refused = { status: 403, body: { code: 'requester-may-not-decide' } };
    const ofDelegate = await pending(database, { requesterId: 'approver-52' });
    expect(await decide(ofDelegate, 'approver-52', { onBehalfOf: 'approver-51' })).toMatchObject(refused);
    const ofDelegator = await pending(database, { requesterId: 'approver-53' });
    expect(await decide(ofDelegator, 'approver-54', { onBehalfOf: 'approver-53' })).toMatchObject(refused);
  });

  it('does not let a person count twice towards a quorum, however many delegations they have', async () => {
    await service.publish('order', [step({ quorum: 2 })]);
    for (const from of ['approver-55', 'approver-56'])
      expect(await delegate(from, 'approver-57')).toMatchObject({ status: 201 });
    const path = await pending(database);
    const once = await decide(path, 'approver-57', { onBehalfOf: 'approver-55' });
    expect(once).toMatchObject({ status: 200, body: { state: 'PENDING', steps: [{ approvals: 1 }] } });
    const refused = { status: 409, body: { code: 'already-decided' } };
    expect(await decide(path, 'approver-57', { onBehalfOf: 'approver-56' }, '"2"')).toMatchObject(refused);
    expect(await decide(path, 'approver-57', {}, '"2"')).toMatchObject(refused);
    expect(await decide(path, 'approver-55', {}, '"2"')).toMatchObject(refused);
    expect(await decide(path, 'approver-56', {}, '"2"')).toMatchObject({ body: { state: 'APPROVED' } });
  });

  it('must not form a loop in either direction, even if both come at once', async () => {
    const answers = await Promise.all([delegate('approver-21', 'approver-22'), delegate('approver-22', 'approver-21')]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(answers.map(({ body }) => body)).toContainEqual(expect.objectContaining({ code: 'delegation-loop' }));
  });

  it.each([
    ['of what was delegated', 'approver-32', 'approver-33', {}, 409, 'delegation-chain'],
    ['to the same person again', 'approver-31', 'approver-32', {}, 409, 'delegation-exists'],
    ['to oneself', 'approver-34', 'approver-34', {}, 422, 'delegation-to-self'],
    [
      'that has ended',
      'approver-34',
      'approver-35',
      { endsAt: '2020-01-01T00:00:00Z' },
      422,
      'delegation-period-invalid',
    ],
    [
      'until a leap second',
      'approver-34',
      'approver-35',
      { endsAt: '2026-12-31T23:59:60Z' },
      422,
      'delegation-period-invalid',
    ],
    ['to somebody whose order waits', 'approver-34', 'ops-77', {}, 409, 'delegate-is-requester'],
    ['by an admin', 'admin-1', 'approver-35', {}, 403, 'forbidden-role'],
  ] as const)('%s is refused', async (_what, from, to, some, status, code) => {
    await delegate('approver-31', 'approver-32');
    await pending(database, { requesterId: 'ops-77' });
    expect(await delegate(from, to, some)).toMatchObject({ status, body: { code } });
  });

  it('of others is not shown, and an unknown one is not found', async () => {
    const { headers } = await delegate('approver-41', 'approver-42');
    const path = headers.get('location') ?? '';
    expect(await service.ask('GET', path, { as: 'approver-43' })).toMatchObject({
      body: { code: 'not-your-delegation' },
    });
    expect(await service.ask('GET', path, { as: 'admin-1' })).toMatchObject({ status: 200 });
    for (const method of ['GET', 'DELETE'] as const)
      expect(await service.ask(method, `/v1/delegations/${randomUUID()}`)).toMatchObject({
        status: 404,
        body: { code: 'delegation-not-found' },
      });
  });
});

describe('reassignApproval', () => {
  it('lets only the assignee decide', async () => {
    await service.publish('order', [step()]);
    const path = await pending(database);
    expect(await reassign(path, ['approver-5'])).toMatchObject({ status: 200, body: { assignees: ['approver-5'] } });
    expect(await decide(path, 'approver-1', {}, '"2"')).toMatchObject({ status: 403, body: { code: 'not-eligible' } });
    expect(await decide(path, 'approver-5', {}, '"2"')).toMatchObject({ status: 200, body: { state: 'APPROVED' } });
  });

  it('is refused for approvers, to the requester, to the admin, and after the end', async () => {
    const path = await pending(database);
    expect(await reassign(path, ['approver-5'], 'approver-1')).toMatchObject({ status: 403 });
    expect(await reassign(path, ['ops-1'])).toMatchObject({ status: 422, body: { code: 'assignee-is-requester' } });
    expect(await reassign(path, ['admin-1'])).toMatchObject({ status: 422, body: { code: 'assignee-is-caller' } });
    await decide(path, 'approver-1');
    expect(await reassign(path, ['approver-5'])).toMatchObject({ status: 412 });
  });
});

interface Page {
  readonly items: readonly { readonly approvalId: string }[];
  readonly nextCursor?: string;
}

/** All pages of a list. */
async function idsOf(as: string, query: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ;) {
    const { body } = await service.ask('GET', `/v1/approvals?${query}${cursor}`, { as });
    const page = body as Page; // cast: the contract declares this answer
    ids.push(...page.items.map(({ approvalId }) => approvalId));
    if (page.nextCursor === undefined) return ids;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

describe('listApprovals', () => {
  const idOf = (path: string) => path.replace('/v1/approvals/', '');

  it('shows what waits for the caller, page by page, but not what they requested or decided', async () => {
    const requesterId = 'approver-60';
    const paths = [];
    for (let index = 0; index < 5; index += 1) paths.push(await pending(database, { requesterId }));
    await decide(paths[0] ?? '', 'approver-61', { decision: 'REJECT', comment: 'no' });
    const waiting = await idsOf('approver-61', 'state=PENDING&waitingForMe=true&limit=2');
    expect(waiting).toEqual(expect.arrayContaining(paths.slice(1).map(idOf)));
    expect(waiting).not.toContain(idOf(paths[0] ?? ''));
    expect(waiting).toEqual(waiting.toSorted());
    expect(new Set(waiting).size).toBe(waiting.length);
    expect(await idsOf(requesterId, 'waitingForMe=true')).not.toContain(idOf(paths[1] ?? ''));
    expect(await idsOf('finance-61', 'waitingForMe=true&limit=3')).not.toContain(idOf(paths[1] ?? ''));
  });

  it('shows people without the role those in which they take part', async () => {
    const path = await pending(database, { requesterId: 'ops-62' });
    await pending(database, { requesterId: 'ops-63' });
    expect(await idsOf('ops-62', 'state=PENDING')).toEqual([idOf(path)]);
    expect(await idsOf('ops-64', 'limit=1')).toEqual([]);
    expect(await service.ask('GET', path, { as: 'ops-63' })).toMatchObject({
      status: 403,
      body: { code: 'not-a-participant' },
    });
    await reassign(path, ['finance-62']);
    expect(await service.ask('GET', path, { as: 'finance-62' })).toMatchObject({ status: 200 });
    expect(await idsOf('finance-62', '')).toEqual([idOf(path)]);
    const decided = await pending(database, { requesterId: 'ops-62' });
    await decide(decided, 'approver-62');
    expect(await idsOf('ops-62', 'limit=1')).toEqual([idOf(path), idOf(decided)].toSorted());
    expect(await idsOf('ops-62', 'state=APPROVED')).toEqual([idOf(decided)]);
    expect(await idsOf('approver-62', 'state=APPROVED')).toContain(idOf(decided));
  });

  it('shows people for whom a request waits exactly what it is about', async () => {
    await service.publish('order', [step({ role: 'finance' })]);
    const path = await pending(database, { requesterId: 'ops-66' });
    expect(await idsOf('finance-66', 'waitingForMe=true&limit=200')).toContain(idOf(path));
    const read = await service.ask('GET', path, { as: 'finance-66' });
    expect(read).toMatchObject({ status: 200, body: { subject: { digest: DIGEST } } });
    expect(await service.ask('GET', path, { as: 'ops-63' })).toMatchObject({ status: 403 });
    expect(await decide(path, 'finance-66')).toMatchObject({ status: 200, body: { state: 'APPROVED' } });
    expect(await service.ask('GET', path, { as: 'finance-67' })).toMatchObject({ status: 403 });
  });

  it('shows what was granted without asking anybody', async () => {
    await service.publish('order', []);
    await reserved(database, anOrder({ requesterId: 'ops-65' }));
    expect(await service.ask('GET', '/v1/approvals?state=APPROVED', { as: 'ops-65' })).toMatchObject({
      body: { items: [{ automatic: true, subject: { requesterId: 'ops-65' } }] },
    });
  });

  it('refuses a cursor that it did not give', async () => {
    expect(await service.ask('GET', '/v1/approvals?cursor=x')).toMatchObject({
      status: 400,
      body: { code: 'validation-failed' },
    });
  });
});

describe('the audit chain', () => {
  it('is intact after all of this', async () => {
    expect(await database.read(checkAudit)).toMatchObject({ intact: true });
  });

  it.each([
    ['the rules of a policy change', `UPDATE policy_version SET rules = '[{"steps": []}]' WHERE version > 1`],
    ['a policy is confirmed past the service', `UPDATE policy_version SET confirmed_by = 'x', confirmed_at = now()`],
    [
      'a policy is removed',
      `DELETE FROM policy_version p WHERE version > 1 AND NOT EXISTS
      (SELECT FROM approval a WHERE (a.policy_id, a.policy_version) = (p.policy_id, p.version))`,
    ],
    ['a delegation is longer', `UPDATE delegation SET ends_at = ends_at + interval '1 day'`],
    ['a delegation is valid again', 'UPDATE delegation SET revoked_at = NULL, revoked_by = NULL'],
    [
      'a delegation was never made',
      `INSERT INTO delegation VALUES
      (gen_random_uuid(), 'a', 'b', '{approver}', NULL, now(), now(), now() + interval '1 day')`,
    ],
  ])('is broken if %s', async (_what, statement) => {
    expect(await database.mutated([statement], checkAudit)).toMatchObject({ intact: false });
  });
});
