import { sha256 } from '@atlas/runtime/digest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIGEST, NOW, aPolicy, aStep } from '../../test/samples.ts';
import { decided } from './acts.ts';
import { approvalsOf, type Approval, type Decision } from './approval.ts';
import { firstBroken, link, type Entry } from './audit.ts';
import { cancel, decide, escalate, expire } from './decide.ts';
import { delegate, revoke } from './delegate.ts';
import { isActive, type Delegation } from './delegation.ts';
import type { Person } from './eligibility.ts';
import { mayDecide } from './eligibility.ts';
import type { DeciderRole, PolicyInForce, StepRule } from './policy.ts';
import { reassign } from './reassign.ts';
import { request } from './request.ts';

const PEOPLE = ['a', 'b', 'c', 'd', 'e', 'f'];
const MINUTE_MS = 60_000;

const person = fc.constantFrom(...PEOPLE);
const BOTH = ['approver', 'finance'];
/** The contract lets nobody without one of them decide or delegate. */
const roles = fc.constantFrom(BOTH, BOTH, BOTH, ['approver'], ['finance']);
const role = fc.constantFrom<DeciderRole>('approver', 'finance');
const minutes = fc.integer({ min: 10, max: 40 });
const stepRule = fc
  .record({ quorum: fc.integer({ min: 1, max: 3 }), role, deadline: minutes, escalates: fc.boolean() })
  .map(({ quorum, role, deadline, escalates }): StepRule => {
    const escalation = { afterSeconds: 30, role: role === 'approver' ? 'finance' : 'approver' } as const;
    return aStep({ quorum, role, deadlineSeconds: deadline * 60, escalation: escalates ? escalation : undefined });
  });
const steps = fc.array(stepRule, { maxLength: 3 });

const act = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('ask' as const), requester: person }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      which: fc.nat(1),
      actor: person,
      roles,
      onBehalfOf: fc.option(person, { nil: undefined, freq: 2 }),
      /** A delegation that they use, valid or not. Random people seldom have one. */
      through: fc.option(fc.nat(5), { nil: undefined, freq: 2 }),
      verdict: fc.constantFrom<Decision['verdict']>('APPROVE', 'APPROVE', 'APPROVE', 'REJECT'),
      version: fc.constantFrom(1n, 1n, 1n, 1n, 2n),
      digest: fc.constantFrom(DIGEST, DIGEST, DIGEST, DIGEST, 'other'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('delegate' as const), from: person, to: person, roles, minutes }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke' as const), which: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('reassign' as const), which: fc.nat(1), to: fc.subarray(PEOPLE) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('publish' as const), steps }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 15 }) }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** Workflow in memory. Only decisions of the domain change it. The circumstances of each decision are recorded. */
class Office {
  policy: PolicyInForce = aPolicy(aStep(), aStep({ role: 'finance' }));
  now = NOW;
  readonly approvals: Approval[] = [];
  readonly delegations: Delegation[] = [];
  readonly chain: Entry[] = [];
  /** Who held which roles, and which delegation, when they decided. By the decision's entry. */
  readonly seen: {
    readonly actor: Person;
    readonly delegation: Delegation | undefined;
    readonly decision: Decision;
    readonly wasListed: boolean;
  }[] = [];

  take(next: Act): void {
    switch (next.kind) {
      case 'ask':
        return this.#ask(next.requester);
      case 'decide':
        return this.#decide(next);
      case 'delegate': {
        const delegationId = `delegation-${this.delegations.length}`;
        const wanted = {
          delegationId,
          delegator: { id: next.from, roles: next.roles },
          delegateId: next.to,
          startsAt: undefined,
          endsAt: new Date(this.now.getTime() + next.minutes * MINUTE_MS),
        };
        const delegateIsRequester = this.approvals.some(
          ({ state, subject }) => state === 'PENDING' && subject.requesterId === next.to,
        );
        const result = delegate(wanted, { others: this.delegations, delegateIsRequester, now: this.now });
        if (result.ok && result.delegation.roles.length > 0) this.delegations.push(result.delegation);
        return;
      }
      case 'revoke': {
        const found = this.delegations[next.which];
        const result = found && revoke(found, { id: found.delegatorId, roles: [] }, this.now);
        if (result?.ok && result.revoked) this.delegations[next.which] = result.revoked;
        return;
      }
      case 'reassign': {
        const found = this.approvals[next.which];
        const result = found && reassign(found, next.to, 'root', this.now);
        if (result?.ok) this.approvals[next.which] = result.approval;
        return;
      }
      case 'publish':
        this.policy = { ...aPolicy(...next.steps), version: this.policy.version + 1n };
        return;
      case 'cancel': {
        const found = this.approvals[next.which];
        if (found) this.approvals[next.which] = cancel(found, this.now) ?? found;
        return;
      }
      case 'wait':
        this.now = new Date(this.now.getTime() + next.minutes * MINUTE_MS);
        this.#fireTimers();
    }
  }

  #ask(requesterId: string): void {
    const approvalId = `approval-${this.approvals.length}`;
    const subject = {
      type: 'ORDER',
      id: approvalId,
      version: 1n,
      digest: DIGEST,
      requesterId,
      amount: 1n,
      currency: 'EUR',
      details: {},
    } as const;
    const requested = request(subject, undefined, this.policy, { approvalId, now: this.now });
    if (requested.kind === 'new') this.approvals.push(requested.approval);
  }

  #decide({ which, roles, through, verdict, version, digest, ...asked }: Extract<Act, { kind: 'decide' }>): void {
    const used = through === undefined ? undefined : this.delegations[through];
    const actor = used?.delegateId ?? asked.actor;
    const onBehalfOf = used?.delegatorId ?? asked.onBehalfOf;
    const found = this.approvals[which];
    if (!found) return;
    const person = { id: actor, roles };
    const stoodInFor = onBehalfOf === undefined ? undefined : { id: onBehalfOf, delegations: this.delegations };
    const attempt = { actor: person, onBehalfOf: stoodInFor, verdict, comment: 'why', subjectVersion: version, digest };
    const result = decide(found, attempt, this.now);
    if (!result.ok) return;
    const { approval, decision } = result;
    this.approvals[which] = approval;
    const facts = decided(approval, decision);
    const hash = link(this.chain.at(-1)?.hash ?? '0'.repeat(64), facts, sha256);
    this.chain.push({ seq: BigInt(this.chain.length + 1), facts, hash });
    const delegation = this.delegations.find(({ delegationId }) => delegationId === decision.delegationId);
    const wasListed = mayDecide(found, person, this.delegations, this.now);
    this.seen.push({ actor: person, delegation, decision, wasListed });
  }

  #fireTimers(): void {
    for (const [index, approval] of this.approvals.entries()) {
      if (approval.state !== 'PENDING') continue;
      const { step, escalatesAt } = approval;
      const escalated = escalatesAt && this.now >= escalatesAt ? escalate(approval, step) : undefined;
      this.approvals[index] = expire(approval, step, this.now) ?? escalated ?? approval;
    }
  }
}

/** W1: the requester takes no part, and nobody is part of two decisions about a request. */
function expectFourEyes({ subject, decisions }: Approval): void {
  const people = decisions.flatMap(({ actorId, onBehalfOf }) =>
    onBehalfOf === undefined ? [actorId] : [actorId, onBehalfOf],
  );
  expect(people).not.toContain(subject.requesterId);
  expect(new Set(people).size).toBe(people.length);
}

/** W2: each step of an approved request met its quorum, in sequence, and nobody rejected it. */
function expectQuorums({ state, steps, decisions }: Approval): void {
  if (state !== 'APPROVED') return;
  for (const [index, { quorum }] of steps.entries()) expect(approvalsOf(decisions, index + 1)).toBe(quorum);
  expect(decisions.map(({ step }) => step)).toEqual(decisions.map(({ step }) => step).toSorted((a, b) => a - b));
  expect(decisions.every(({ verdict }) => verdict === 'APPROVE')).toBe(true);
}

/** W2: the person who decided, or the delegator, had the role. */
function expectRoles({ seen }: Office): void {
  for (const { actor, delegation, decision, wasListed } of seen) {
    // the request was on the list of those that wait for them
    expect(wasListed).toBe(true);
    expect(delegation?.roles ?? actor.roles).toContain(decision.role);
    if (decision.onBehalfOf === undefined) continue;
    expect(delegation).toMatchObject({ delegatorId: decision.onBehalfOf, delegateId: actor.id });
    const before = new Date(decision.decidedAt.getTime() - 1);
    expect(delegation && isActive({ ...delegation, startsAt: before, revokedAt: undefined }, decision.decidedAt)).toBe(
      true,
    );
  }
}

/** A delegate never delegates at the same time. */
function expectDepthOfOne({ delegations, now }: Office): void {
  const active = delegations.filter((delegation) => isActive(delegation, now));
  for (const { delegateId } of active) expect(active.map(({ delegatorId }) => delegatorId)).not.toContain(delegateId);
}

describe('after any requests, decisions, delegations, policies and waits', () => {
  it('W1, W2 and W4 are true, delegations have a depth of one, and ended requests never change', () => {
    const reached = { approved: 0, inTheNameOfAnother: 0 };
    fc.assert(
      fc.property(fc.array(act, { minLength: 30, maxLength: 80, size: 'max' }), (taken) => {
        const office = new Office();
        for (const next of taken) {
          const before = [...office.approvals];
          office.take(next);
          for (const [index, approval] of office.approvals.entries()) {
            expectFourEyes(approval);
            expectQuorums(approval);
            const earlier = before[index];
            if (!earlier || earlier === approval) continue;
            // W4, and a policy that is published meanwhile changes nothing
            expect(earlier.state).toBe('PENDING');
            expect(approval).toMatchObject({
              version: earlier.version + 1n,
              policy: earlier.policy,
              steps: earlier.steps,
            });
            expect(approval.decisions.slice(0, earlier.decisions.length)).toEqual(earlier.decisions);
          }
          expectRoles(office);
          expectDepthOfOne(office);
        }
        expect(firstBroken(office.chain, sha256)).toBeUndefined();
        expect(office.chain).toHaveLength(office.approvals.flatMap(({ decisions }) => decisions).length);
        reached.approved += office.approvals.filter(
          ({ state, steps }) => state === 'APPROVED' && steps.length > 1,
        ).length;
        reached.inTheNameOfAnother += office.seen.filter(({ delegation }) => delegation).length;
      }),
    );
    // the property is meaningful only if these happen
    expect(reached.approved).toBeGreaterThan(0);
    expect(reached.inTheNameOfAnother).toBeGreaterThan(0);
  });
});
