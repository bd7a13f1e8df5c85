import { describe, expect, it } from 'vitest';
import { setStart, setStep, type SetEffect, type SetInput } from './step.ts';

/** The effects of a set with this many messages. Each wait is the longest possible. */
function effectsOf(messages: number, ...inputs: readonly SetInput[]): readonly SetEffect[] {
  let [state, effect] = setStart(messages, 0);
  const effects = [effect];
  for (const input of inputs) {
    [state, effect] = setStep(state, input, () => 0.999);
    effects.push(effect);
  }
  return effects;
}

const committed = { kind: 'committed' } as const;
const failed = { kind: 'failed' } as const;
const ended = { kind: 'ended', how: { kind: 'done', how: 'applied' } } as const;
const apply = (from: number, to: number): SetEffect => ({ kind: 'apply', part: { from, to } });
const single = (at: number): SetEffect => ({ kind: 'single', at });
const done = { kind: 'done' } as const;

describe('a set', () => {
  it('is one transaction if it works', () => {
    expect(effectsOf(500, committed)).toEqual([apply(0, 500), done]);
  });

  it('of one message is consumed like any record', () => {
    expect(effectsOf(1, ended)).toEqual([single(0), done]);
  });

  it('of records that nobody consumes needs nothing', () => {
    expect(effectsOf(0)).toEqual([done]);
  });

  it('that fails is halved until the message at fault is alone, in order', () => {
    const effects = effectsOf(5, failed, committed, failed, ended, committed);
    expect(effects).toEqual([apply(0, 5), apply(0, 2), apply(2, 5), single(2), apply(3, 5), done]);
  });

  it('with a message that cannot be decoded is consumed up to it, then that message alone, then the rest', () => {
    const effects = effectsOf(9, { kind: 'notDecoded', at: 3 }, committed, ended, committed);
    expect(effects).toEqual([apply(0, 9), apply(0, 3), single(3), apply(4, 9), done]);
    expect(effectsOf(3, { kind: 'notDecoded', at: 0 }).at(-1)).toEqual(single(0));
  });

  it.each(['slow', 'contended'] as const)('that is %s is consumed one by one at once', (kind) => {
    expect(effectsOf(3, { kind }, ended, ended, ended)).toEqual([apply(0, 3), single(0), single(1), single(2), done]);
  });

  it('is applied again after a commit of unknown outcome', () => {
    expect(effectsOf(3, { kind: 'commitUnknown' })).toEqual([apply(0, 3), apply(0, 3)]);
  });

  it('waits as a whole for the database', () => {
    expect(effectsOf(3, { kind: 'unavailable' }).at(-1)).toEqual({ kind: 'postpone', ms: 299 });
  });

  it('ends if a single message of it has to wait, or if the partition has another owner', () => {
    const postpone = { kind: 'postpone', ms: 7 } as const;
    expect(effectsOf(2, failed, { kind: 'ended', how: postpone }).at(-1)).toEqual(postpone);
    expect(effectsOf(2, { kind: 'fenced' }).at(-1)).toEqual({ kind: 'leave' });
  });
});
