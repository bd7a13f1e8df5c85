import { contract } from '@atlas/generated-workflow';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { databaseTime as now } from './adapters/databaseTime.ts';
import { pgApprovalStore as approvals } from './adapters/pgApprovalStore.ts';
import { pgAuditLog as audit } from './adapters/pgAuditLog.ts';
import { pgDelegationStore as delegations } from './adapters/pgDelegationStore.ts';
import { pgPolicyStore as policies } from './adapters/pgPolicyStore.ts';
import { confirmPolicy } from './app/confirmPolicy.ts';
import { createDelegation } from './app/createDelegation.ts';
import { decideApproval } from './app/decideApproval.ts';
import { getApproval } from './app/getApproval.ts';
import { getDelegation } from './app/getDelegation.ts';
import { getPolicy } from './app/getPolicy.ts';
import { getPolicyVersion } from './app/getPolicyVersion.ts';
import { listApprovals } from './app/listApprovals.ts';
import { listDelegations } from './app/listDelegations.ts';
import { onAdjustmentRequested } from './app/onAdjustmentRequested.ts';
import { onManualJournalRequested } from './app/onManualJournalRequested.ts';
import { onOrderCancelled } from './app/onOrderCancelled.ts';
import { onOrderReserved } from './app/onOrderReserved.ts';
import { onRefundRequested } from './app/onRefundRequested.ts';
import { onStepDeadline } from './app/onStepDeadline.ts';
import { onStepEscalation } from './app/onStepEscalation.ts';
import { publishPolicy } from './app/publishPolicy.ts';
import { reassignApproval } from './app/reassignApproval.ts';
import { revokeDelegation } from './app/revokeDelegation.ts';

const asking = { approvals, policies, now };

await runService(contract, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {
    confirmPolicy: confirmPolicy({ policies, audit, now }),
    createDelegation: createDelegation({ approvals, delegations, audit, now }),
    decideApproval: decideApproval({ approvals, delegations, audit, now }),
    getApproval: getApproval({ approvals, delegations, now }),
    getDelegation: getDelegation({ delegations }),
    getPolicy: getPolicy({ policies }),
    getPolicyVersion: getPolicyVersion({ policies }),
    listApprovals: listApprovals({ approvals, delegations, now }),
    listDelegations: listDelegations({ delegations, now }),
    publishPolicy: publishPolicy({ policies, audit, now }),
    reassignApproval: reassignApproval({ approvals, audit, now }),
    revokeDelegation: revokeDelegation({ delegations, audit, now }),
  },
  consumers: {
    onAdjustmentRequested: onAdjustmentRequested(asking),
    onManualJournalRequested: onManualJournalRequested(asking),
    onOrderCancelled: onOrderCancelled({ approvals, now }),
    onOrderReserved: onOrderReserved(asking),
    onRefundRequested: onRefundRequested(asking),
  },
  timers: {
    onStepDeadline: onStepDeadline({ approvals }),
    onStepEscalation: onStepEscalation({ approvals }),
  },
});
