import type { OnOrderReserved } from '@atlas/generated-workflow';
import { request } from '../domain/request.ts';
import type { Subject } from '../domain/policy.ts';
import type { ApprovalStore, DatabaseTime, PolicyStore, Tx } from '../ports.ts';
import { approvalCancelled, approvalGranted, approvalRequested, timersOf } from './events.ts';

export interface Asking {
  readonly approvals: ApprovalStore;
  readonly policies: PolicyStore;
  readonly now: DatabaseTime;
}

/** Asks for the approval of a subject. All events that need one do the same, so their results have the same type. */
export async function ask(
  { approvals, policies, now }: Asking,
  tx: Tx,
  subject: Subject,
  { newId }: OnOrderReserved.Input['ctx'],
): Promise<OnOrderReserved.Result> {
  const latest = await approvals.latest(tx, subject);
  const policy = await policies.inForce(tx, subject.type);
  const requested = request(subject, latest, policy, { approvalId: newId(), now: await now(tx) });
  if (requested.kind === 'noop') return { events: [], noop: requested.because };
  const { approval, superseded } = requested;
  if (superseded) await approvals.save(tx, superseded);
  await approvals.insert(tx, approval);
  const event = approval.state === 'PENDING' ? approvalRequested(approval) : approvalGranted(approval);
  const timers = [
    ...(superseded ? timersOf(superseded) : []),
    ...(approval.state === 'PENDING' ? timersOf(approval) : []),
  ];
  if (!superseded)
    return event.type === 'ApprovalRequested' ? { events: [event], timers } : { events: [event], timers };
  const cancelled = approvalCancelled(superseded);
  return event.type === 'ApprovalRequested'
    ? { events: [cancelled, event], timers }
    : { events: [cancelled, event], timers };
}
