import type { GetReturn } from '@atlas/generated-inventory';
import type { ShipmentStore } from '../ports.ts';
import { viewReturn } from './viewShipment.ts';

export const getReturn =
  ({ shipments }: { readonly shipments: ShipmentStore }): GetReturn.Handler =>
  async ({ params }, read): Promise<GetReturn.Result> => {
    const goodsReturn = await shipments.readReturn(read, params.returnId);
    if (!goodsReturn) {
      return { status: 404, problem: { code: 'return-not-found', detail: `there is no return ${params.returnId}` } };
    }
    return { status: 200, body: viewReturn(goodsReturn) };
  };
