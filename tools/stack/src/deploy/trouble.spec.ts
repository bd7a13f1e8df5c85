import { describe, expect, it } from 'vitest';
import { troubleOf } from './trouble.ts';

const STACK = `Error: no seat
    at seatOf (file:///home/kim/shop/tools/runtime/src/seat.ts:3:1)
    at bookSeat (file:///home/kim/shop/services/box-office/src/app/bookSeat.ts:14:9)`;

describe('the trouble in a line of a log', () => {
  it.each<[string, string | undefined]>([
    [
      JSON.stringify({ level: 'error', msg: 'operation failed', err: { message: 'no seat', stack: STACK } }),
      'error: operation failed: no seat (services/box-office/src/app/bookSeat.ts:14:9)',
    ],
    [
      JSON.stringify({ level: 'warn', msg: 'could not publish', err: { message: 'no broker', stack: 'Error' } }),
      'warn: could not publish: no broker',
    ],
    [
      JSON.stringify({ level: 'warn', msg: 'answered', operation: 'bookSeat', status: 500 }),
      'warn: answered (bookSeat, 500)',
    ],
    [JSON.stringify({ level: 'warn', msg: 'the seat is old' }), 'warn: the seat is old'],
    [JSON.stringify({ level: 'info', msg: 'listening' }), undefined],
    ['{"level":"error","ms', undefined],
    ['a line of another kind', undefined],
  ])('%s', (line, trouble) => {
    expect(troubleOf(line)).toBe(trouble);
  });
});
