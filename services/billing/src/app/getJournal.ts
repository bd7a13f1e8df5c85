import type { GetJournal } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { viewJournal } from './view.ts';

export const getJournal =
  ({ ledger }: Pick<Ports, 'ledger'>): GetJournal.Handler =>
  async ({ params }, read): Promise<GetJournal.Result> => {
    const found = await ledger.read(read, params.journalId);
    if (!found)
      return { status: 404, problem: { code: 'journal-not-found', detail: `there is no journal ${params.journalId}` } };
    return { status: 200, body: viewJournal(found) };
  };
