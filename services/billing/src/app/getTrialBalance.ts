import type { GetTrialBalance } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';

export const getTrialBalance =
  ({ ledger }: Pick<Ports, 'ledger'>): GetTrialBalance.Handler =>
  async ({ query, ctx }, read): Promise<GetTrialBalance.Result> => {
    const balances = await ledger.balances(read, query.period);
    return {
      status: 200,
      body: {
        accounts: balances.map((balance) => ({
          ...balance,
          debit: String(balance.debit),
          credit: String(balance.credit),
        })),
        asOf: ctx.now.toISOString(),
      },
    };
  };
