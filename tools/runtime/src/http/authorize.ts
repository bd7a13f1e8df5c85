import type { Actor } from '../contract/handler.ts';
import type { OperationContract } from '../contract/operation.ts';
import { Refusal } from './problem.ts';

/** Throws `Refusal` 403 unless the actor has all roles of one of the alternatives. */
export function authorize({ id, security }: OperationContract, actor: Actor): void {
  if (security.some(({ roles }) => roles.every((role) => actor.roles.includes(role)))) return;
  const alternatives = security.map(({ roles }) => roles.join(' and ')).join(', or ');
  throw new Refusal({ code: 'forbidden-role', detail: `${id} needs the role ${alternatives}` });
}
