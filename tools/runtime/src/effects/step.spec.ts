import { describe, expect, it } from 'vitest';
import { effectStep, type EffectInput } from './step.ts';

const retry = { retries: 2, baseMs: 100, capMs: 1_000, onDead: 'hold' } as const;
const next = (tries: number, input: EffectInput<string>) =>
  effectStep({ tries, waitedMs: 0, retry }, input, () => 0.999);

describe('an effect that is claimed', () => {
  it('is performed, its outcome is settled, and it needs nothing more once that is committed', () => {
    expect(next(1, { kind: 'claimed' })).toEqual({ kind: 'perform' });
    expect(next(1, { kind: 'performed', performed: 'r-7' })).toEqual({ kind: 'settle', performed: 'r-7' });
    expect(next(1, { kind: 'committed' })).toEqual({ kind: 'end' });
  });

  it('is performed again later if the call or the transaction after it fails, then given up', () => {
    const failed = { kind: 'failed', error: 'the line is dead' } as const;
    expect(next(1, failed)).toEqual({ kind: 'retryLater', tries: 2, ms: 199, error: 'the line is dead' });
    expect(next(2, failed)).toMatchObject({ kind: 'giveUp', row: 'hold', reason: 'failed', tries: 3 });
  });

  it('is left until its claim ends if it is unknown whether its outcome is settled', () => {
    expect(next(0, { kind: 'unclear' })).toEqual({ kind: 'end' });
  });

  it('is due again at once if the call is aborted because the instance stops, and the try does not count', () => {
    expect(next(1, { kind: 'stopped' })).toMatchObject({ kind: 'retryLater', tries: 1, ms: 0 });
  });
});
