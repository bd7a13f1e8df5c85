import type { GetManualJournal } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { viewManualJournal } from './view.ts';

export const getManualJournal =
  ({ manualJournals }: Pick<Ports, 'manualJournals'>): GetManualJournal.Handler =>
  async ({ params }, read): Promise<GetManualJournal.Result> => {
    const found = await manualJournals.read(read, params.journalId);
    if (!found)
      return { status: 404, problem: { code: 'journal-not-found', detail: `there is no journal ${params.journalId}` } };
    return { status: 200, body: viewManualJournal(found), version: found.version };
  };
