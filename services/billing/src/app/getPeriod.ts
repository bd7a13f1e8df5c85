import type { GetPeriod } from '@atlas/generated-billing';
import type { Ports } from '../ports.ts';
import { viewPeriod } from './view.ts';

export const getPeriod =
  ({ periods }: Pick<Ports, 'periods'>): GetPeriod.Handler =>
  async ({ params }, read): Promise<GetPeriod.Result> => {
    const period = await periods.read(read, params.period);
    return {
      status: 200,
      body: viewPeriod(period, await periods.unposted(read, period.period)),
      version: period.version,
    };
  };
