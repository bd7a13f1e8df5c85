import type { GetReconciliation } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { viewReconciliation } from './view.ts';

export const getReconciliation =
  ({ reconciliations }: Pick<Ports, 'reconciliations'>): GetReconciliation.Handler =>
  async ({ params: { runId } }, read): Promise<GetReconciliation.Result> => {
    const found = await reconciliations.read(read, runId);
    if (!found)
      return {
        status: 404,
        problem: { code: 'reconciliation-not-found', detail: `there is no reconciliation ${runId}` },
      };
    return { status: 200, body: viewReconciliation(found), version: found.version };
  };
