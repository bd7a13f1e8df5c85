import { describe, expect, it } from 'vitest';
import { anIntent, aPayment } from '../../test/samples.ts';
import { meaningOf, withdraw } from './intent.ts';
import type { PaymentState } from './payment.ts';

const CAPTURED = 'captured';
const NOTHING = undefined;

describe('the state table of payments', () => {
  it.each<[PaymentState, ...(readonly (string | undefined)[])]>([
    // state, awaiting, awaiting after a decline, succeeded, failed, cancelled, unanswered
    ['PENDING', 'PROCESSING', 'PROCESSING declined', CAPTURED, 'FAILED for good', 'FAILED for good', NOTHING],
    ['PROCESSING', NOTHING, 'PROCESSING declined', CAPTURED, 'FAILED for good', 'FAILED for good', NOTHING],
    ['SUCCEEDED', NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING],
    ['FAILED', NOTHING, NOTHING, CAPTURED, NOTHING, NOTHING, NOTHING],
    ['CANCELLED', NOTHING, NOTHING, CAPTURED, NOTHING, NOTHING, NOTHING],
  ])('%s', (state, ...expected) => {
    const payment = aPayment({ state, providerRef: 'pi_1' });
    const meanings = [
      anIntent(),
      anIntent({ failure: 'insufficient-funds' }),
      anIntent({ status: 'SUCCEEDED' }),
      anIntent({ status: 'FAILED' }),
      anIntent({ status: 'CANCELLED' }),
      anIntent({ status: 'UNANSWERED' }),
    ].map((says) => {
      const meaning = meaningOf(payment, says);
      if (!meaning || meaning.kind === 'captured') return meaning?.kind;
      if (meaning.kind === 'known') return meaning.payment.state;
      return `${meaning.payment.state} ${meaning.final ? 'for good' : 'declined'}`;
    });
    expect(meanings).toEqual(expected);
  });

  it.each<[PaymentState, string | undefined]>([
    ['PENDING', 'CANCELLED'],
    ['PROCESSING', 'CANCELLED'],
    ['SUCCEEDED', undefined],
    ['FAILED', undefined],
    ['CANCELLED', undefined],
  ])('%s, withdrawn, is %s', (state, after) => {
    expect(withdraw(aPayment({ state }))?.state).toBe(after);
  });
});

describe("an intent of a payment that was cancelled before the intent's id was known", () => {
  it('gets its id stored, and the payment stays cancelled', () => {
    expect(meaningOf(aPayment({ state: 'CANCELLED' }), anIntent())).toMatchObject({
      kind: 'known',
      payment: { state: 'CANCELLED', providerRef: 'pi_1', version: 2n },
    });
  });
});
