import type { RequestAdjustment } from '@atlas/generated-inventory';
import { canonicalAdjustment, requestAdjustment as request } from '../domain/adjustment.ts';
import type { AdjustmentStore, Catalog, Sha256, StockLedger } from '../ports.ts';
import { adjustmentRequested } from './events.ts';
import { placeUnknown, stockPlaceOf } from './stockPlace.ts';
import { viewAdjustment } from './viewAdjustment.ts';

interface Ports {
  readonly adjustments: AdjustmentStore;
  readonly catalog: Catalog;
  readonly sha256: Sha256;
  readonly stock: StockLedger;
}

export const requestAdjustment =
  ({ adjustments, catalog, sha256, stock }: Ports): RequestAdjustment.Handler =>
  async ({ body, ctx }, tx): Promise<RequestAdjustment.Result> => {
    const place = await stockPlaceOf(catalog, tx, body);
    if (!place.ok) return placeUnknown(place);
    const level = await stock.lock(tx, place.item, place.warehouse);
    const terms = {
      adjustmentId: ctx.newId(),
      sku: level.sku,
      warehouseId: level.warehouseId,
      expectedOnHand: BigInt(body.expectedOnHand),
      delta: BigInt(body.delta),
      reason: body.reason,
      requesterId: ctx.actor.id,
      requestedAt: ctx.now,
    };
    const requested = request(level, terms, sha256(canonicalAdjustment(terms)));
    if (!requested.ok) return requested;
    const { adjustment } = requested;
    await adjustments.insert(tx, adjustment);
    return {
      status: 201,
      body: viewAdjustment(adjustment),
      version: adjustment.version,
      headers: { Location: `/v1/adjustments/${terms.adjustmentId}` },
      events: [adjustmentRequested(adjustment)],
    };
  };
