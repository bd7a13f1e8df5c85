import { contract } from '@atlas/generated-workflow';
import { runService, serviceEnv } from '@atlas/runtime/service';
import { pgApprovalStore as approvals } from './adapters/pgApprovalStore.ts';
import { openApproval } from './app/openApproval.ts';
import { closeApproval } from './app/closeApproval.ts';
import { getApproval } from './app/getApproval.ts';
import { onOrderReserved } from './app/onOrderReserved.ts';

await runService(contract, {
  env: serviceEnv(process.env),
  migrations: new URL('../migrations/', import.meta.url),
  handlers: {
    openApproval: openApproval({ approvals }),
    closeApproval: closeApproval({ approvals }),
    getApproval: getApproval({ approvals }),
  },
  consumers: {
    onOrderReserved: onOrderReserved({ approvals }),
  },
});
