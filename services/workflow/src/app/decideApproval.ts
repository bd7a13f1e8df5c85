import type { DecideApproval } from '@atlas/generated-workflow';
import { decided } from '../domain/acts.ts';
import { decide } from '../domain/decide.ts';
import type { ApprovalStore, AuditLog, DatabaseTime, DelegationStore } from '../ports.ts';
import { approvalGranted, approvalRejected, stepDecided, timersOf } from './events.ts';
import { view } from './view.ts';
import { notFound } from './notFound.ts';

interface Deps {
  readonly approvals: ApprovalStore;
  readonly delegations: DelegationStore;
  readonly audit: AuditLog;
  readonly now: DatabaseTime;
}

export const decideApproval =
  ({ approvals, delegations, audit, now }: Deps): DecideApproval.Handler =>
  async ({ params, body, ifMatch, ctx }, tx): Promise<DecideApproval.Result> => {
    const { approvalId } = params;
    const { actor } = ctx;
    const found = await approvals.load(tx, approvalId, ifMatch);
    if (!found) return notFound('approval', approvalId);
    // the time is read after the locks, so that a decision cannot pass the deadline while it waits for a lock
    const onBehalfOf =
      body.onBehalfOf === undefined
        ? undefined
        : { id: body.onBehalfOf, delegations: await delegations.between(tx, body.onBehalfOf, actor.id) };
    const { decision: verdict, comment, subjectVersion, digest } = body;
    const attempt = { actor, onBehalfOf, verdict, comment, subjectVersion: BigInt(subjectVersion), digest };
    const deciding = decide(found, attempt, await now(tx));
    if (!deciding.ok) return deciding;
    const { approval, decision } = deciding;
    await approvals.save(tx, approval);
    const entry = await audit.append(tx, decided(approval, decision));
    await approvals.addDecision(tx, approvalId, decision, entry);
    const step = stepDecided(approval, decision, entry.hash);
    const answer = {
      status: 200,
      body: view(approval, actor),
      version: approval.version,
      timers: timersOf(approval),
    } as const;
    switch (approval.state) {
      case 'PENDING':
        return { ...answer, events: [step] };
      case 'APPROVED':
        return { ...answer, events: [step, approvalGranted(approval)] };
      case 'REJECTED':
        return { ...answer, events: [step, approvalRejected(approval, decision)] };
    }
  };
