import { describe, expect, it } from 'vitest';
import { clusterIdOf } from './clusterId.ts';

describe('a cluster id', () => {
  it('is 16 bytes of the secret', () => {
    expect(clusterIdOf('abcdefghijklmnopqrstuvwx')).toBe('abcdefghijklmnopqrstug');
  });

  it('never looks like an option', () => {
    expect(clusterIdOf('-bcdefghijklmnopqrstuvwx')).toBe('Abcdefghijklmnopqrstug');
  });
});
