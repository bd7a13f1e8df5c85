import { describe, expect, it } from 'vitest';
import { resumptionOf } from './resumption.ts';

const resumption = (
  next: bigint | undefined,
  committed: bigint | undefined,
  low: bigint,
  high: bigint,
  isNew = false,
) => resumptionOf({ next, isNew }, { topic: 't', partition: 0, committed, low, high });

describe('a partition after a join', () => {
  it('goes on at the offset of its group if the database agrees or does not know', () => {
    expect(resumption(7n, 7n, 0n, 9n)).toEqual({ kind: 'here' });
    expect(resumption(undefined, 7n, 0n, 9n)).toEqual({ kind: 'here' });
    expect(resumption(undefined, undefined, 5n, 9n)).toEqual({ kind: 'here' });
    expect(resumption(9n, 9n, 9n, 9n)).toEqual({ kind: 'here' });
  });

  it('goes on there after the end of a process that could not commit any more', () => {
    expect(resumption(8n, 7n, 0n, 9n)).toEqual({ kind: 'here' });
    expect(resumption(10_007n, 7n, 0n, 20_000n)).toEqual({ kind: 'here' });
  });

  it('goes back to what the database knows, if that is less', () => {
    expect(resumption(3n, 7n, 0n, 9n)).toEqual({ kind: 'behind', to: 3n });
    expect(resumption(3n, 7n, 3n, 9n)).toEqual({ kind: 'behind', to: 3n });
  });

  it('goes on after what the database knows, if Kafka has forgotten the group', () => {
    expect(resumption(3n, undefined, 0n, 9n)).toEqual({ kind: 'forgotten', to: 3n });
    expect(resumption(3n, undefined, 3n, 9n)).toEqual({ kind: 'here' });
  });

  it('is held if records were deleted before they were consumed', () => {
    expect(resumption(3n, 7n, 5n, 9n)).toEqual({ kind: 'gap', from: 3n, to: 5n });
    expect(resumption(3n, undefined, 5n, 9n)).toEqual({ kind: 'gap', from: 3n, to: 5n });
    expect(resumption(undefined, 3n, 5n, 9n)).toEqual({ kind: 'gap', from: 3n, to: 5n });
    expect(resumption(5n, 3n, 5n, 9n)).toEqual({ kind: 'here' });
  });

  it('goes on at the offset of its group if the database is new, but says so if the group has consumed before', () => {
    expect(resumption(undefined, undefined, 5n, 9n, true)).toEqual({ kind: 'here' });
    expect(resumption(undefined, 5n, 5n, 9n, true)).toEqual({ kind: 'here' });
    expect(resumption(undefined, 6n, 5n, 9n, true)).toEqual({ kind: 'unknown' });
  });

  it('raises an alarm if the log ends before what was consumed, or if the group is far behind it', () => {
    expect(resumption(10n, 7n, 0n, 9n)).toEqual({ kind: 'beyondEnd' });
    expect(resumption(10n, undefined, 0n, 9n)).toEqual({ kind: 'beyondEnd' });
    expect(resumption(10_008n, 7n, 0n, 20_000n)).toEqual({ kind: 'ahead' });
  });
});
