import { billingClient, type BillingClient } from '@atlas/generated-billing/client';
import { inventoryClient, type InventoryClient } from '@atlas/generated-inventory/client';
import { ordersClient, type OrdersClient } from '@atlas/generated-orders/client';
import { reportingClient, type ReportingClient } from '@atlas/generated-reporting/client';
import { workflowClient, type WorkflowClient } from '@atlas/generated-workflow/client';
import { isRecord } from '@atlas/stack';

/** The roles of people in the demo; each is a role of the realm. */
export type Role = 'ops' | 'admin' | 'finance' | 'approver';

/** Somebody with a token, and the calls that they can make. */
export interface Person {
  readonly name: string;
  readonly orders: OrdersClient;
  readonly inventory: InventoryClient;
  readonly billing: BillingClient;
  readonly workflow: WorkflowClient;
  readonly reporting: ReportingClient;
}

/** One person for each role. */
export interface People extends Readonly<Record<Role, Person>> {
  /** The name of the person with an actor's id, or the id itself. */
  nameOf(actorId: string): string;
  /** The roles in a person's token; none if the person is unknown. */
  rolesOf(actorId: string): readonly string[];
}

/** A person who has logged in. */
export interface Login {
  readonly name: string;
  /** A JWT. Its `sub` is the id of the person in events. */
  readonly token: string;
}

/** `baseUrl` is the address of the gateway to all services. */
export async function peopleOf(loginOf: (role: Role) => Promise<Login>, baseUrl: string): Promise<People> {
  const known = new Map<string, { readonly name: string; readonly roles: readonly string[] }>();
  const personOf = async (role: Role): Promise<Person> => {
    const { name, token } = await loginOf(role);
    const { sub, roles } = claimsOf(token);
    known.set(sub, { name, roles });
    return {
      name,
      orders: ordersClient({ baseUrl, token }),
      inventory: inventoryClient({ baseUrl, token }),
      billing: billingClient({ baseUrl, token }),
      workflow: workflowClient({ baseUrl, token }),
      reporting: reportingClient({ baseUrl, token }),
    };
  };
  const [ops, admin, finance, approver] = await Promise.all([
    personOf('ops'),
    personOf('admin'),
    personOf('finance'),
    personOf('approver'),
  ]);
  return {
    ops,
    admin,
    finance,
    approver,
    nameOf: (actorId) => known.get(actorId)?.name ?? actorId,
    rolesOf: (actorId) => known.get(actorId)?.roles ?? [],
  };
}

/** The subject and the roles of a token. It is not verified, because only the services decide whether to accept it. */
function claimsOf(token: string): { readonly sub: string; readonly roles: readonly string[] } {
  const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const { sub, realm_access: access } = isRecord(payload) ? payload : {};
  if (typeof sub !== 'string') throw new Error('a token has no sub');
  const roles: readonly unknown[] = isRecord(access) && Array.isArray(access['roles']) ? access['roles'] : [];
  return { sub, roles: roles.filter((role) => typeof role === 'string') };
}
