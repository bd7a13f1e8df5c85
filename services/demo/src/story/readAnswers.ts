import { paymentsClient, type PaymentsClient } from '@atlas/generated-billing/clients/payments';
import { succeeded } from '@atlas/runtime/client';
import type { Account, Answers, ReportEntry } from '../invariants/answers.ts';
import { EventLog } from '../invariants/log.ts';
import type { People } from '../people/people.ts';
import type { SeenEvent } from '../topics/eventOf.ts';

/** The state when the log of events began, and the clients to ask about later changes. */
export interface Beginning {
  readonly people: People;
  readonly provider: PaymentsClient;
  /** The books then. */
  readonly accounts: readonly Account[];
  readonly at: Date;
}

/** Reads the books before anything happens. `providerUrl` and `providerKey` are those of the payment provider. */
export async function beginning(people: People, providerUrl: string, providerKey: string): Promise<Beginning> {
  const provider = paymentsClient({ baseUrl: providerUrl, token: providerKey });
  return { people, provider, accounts: await accountsOf(people), at: new Date() };
}

/** Asks the services and the provider about the events since the beginning. */
export async function readAnswers(begun: Beginning, events: readonly SeenEvent[]): Promise<Answers> {
  const { people } = begun;
  const { approver, finance } = people;
  const log = new EventLog(events);
  const granted = log.all('ApprovalGranted');
  const policies = new Map(
    granted.flatMap(({ policyId, policyVersion }) =>
      policyId === null
        ? []
        : [[`${policyId}@${policyVersion}`, { policyId, version: Number(policyVersion) }] as const],
    ),
  );
  const [invoices, approvals, inForce, report, aging, accounts] = await Promise.all([
    Promise.all(
      log.all('InvoiceIssued').map(async ({ invoiceId }) => {
        return succeeded(await finance.billing.getInvoice({ params: { invoiceId } })).body;
      }),
    ),
    Promise.all(
      granted.map(async ({ approvalId }) => {
        return succeeded(await approver.workflow.getApproval({ params: { approvalId } })).body;
      }),
    ),
    Promise.all(
      [...policies.values()].map(async (params) => {
        return succeeded(await approver.workflow.getPolicyVersion({ params })).body;
      }),
    ),
    reportSince(begun.at, begun.provider),
    finance.reporting.getReceivablesAging({ query: { limit: 1 } }),
    accountsOf(people),
  ]);
  return {
    invoices,
    owed: succeeded(aging).body.totals,
    since: begun.at,
    before: begun.accounts,
    accounts,
    report,
    approvals,
    policies: inForce,
    rolesOf: (actorId) => people.rolesOf(actorId),
  };
}

async function accountsOf({ finance }: People): Promise<readonly Account[]> {
  return succeeded(await finance.billing.getTrialBalance({})).body.accounts;
}

const DAY_MS = 86_400_000;

/** The report of the day of `since` and of all later days. A demo starts the provider, so nothing else is in it. */
async function reportSince(since: Date, provider: PaymentsClient): Promise<readonly ReportEntry[]> {
  const entries: ReportEntry[] = [];
  const first = Math.floor(since.getTime() / DAY_MS) * DAY_MS;
  for (let day = first; day <= Date.now(); day += DAY_MS) {
    const date = new Date(day).toISOString().slice(0, 10);
    for (let cursor: string | undefined, isLast = false; !isLast;) {
      const query = cursor === undefined ? {} : { cursor };
      const answer = await provider.getSettlementReport({ params: { date }, query });
      if (answer.status !== 200) throw new Error(`the provider has no report: ${answer.problem.code}`);
      entries.push(...answer.body.entries);
      cursor = answer.body.nextCursor;
      isLast = cursor === undefined;
    }
  }
  return entries;
}
