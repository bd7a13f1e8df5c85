import { describe, expect, it } from 'vitest';
import { isConnectionLost } from './sqlState.ts';

describe('a lost connection', () => {
  it.each([
    new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'),
    new Error('Client was closed and is not queryable'),
    new Error('timeout expired'),
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    new Error('query failed', { cause: Object.assign(new Error('shutting down'), { code: '57P01' }) }),
  ])('is seen in an error of the driver: %s', (error) => expect(isConnectionLost(error)).toBe(true));

  it.each([
    new Error('Client is blocked'),
    new Error('the connection terminated at platform 2 is late'),
    Object.assign(new Error('duplicate'), { code: '23505' }),
    Object.assign(new Error('bind message supplies 1 parameters'), { code: '08P01' }),
    'Connection terminated',
  ])('is not seen in another error with similar words: %s', (error) => expect(isConnectionLost(error)).toBe(false));
});
