import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layoutOf } from './layout.ts';
import { emptyState, readState, saveState, secret } from './state.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atlas-state-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the state of a stack', () => {
  it('is read as it was saved, from a file that only its owner can read', () => {
    const layout = layoutOf(root, {});
    const state = { ...emptyState(), ports: { redis: 1234 }, services: ['bookings'], postgresHome: '/var/tmp/x' };
    secret(state, 'redis');
    saveState(layout, state);
    expect(readState(layout)).toEqual(state);
    expect(statSync(layout.stateFile).mode & 0o777).toBe(0o600);
  });

  it('is undefined if the file is missing or was cut off', () => {
    const layout = layoutOf(root, { ATLAS_STACK_DIR: root });
    expect(readState(layout)).toBeUndefined();
    writeFileSync(layout.stateFile, '{"ports": {');
    expect(readState(layout)).toBeUndefined();
  });
});

describe('a secret', () => {
  it('stays the same, differs from other secrets, and needs no quotes', () => {
    const state = emptyState();
    const first = secret(state, 'a');
    expect(secret(state, 'a')).toBe(first);
    expect(secret(state, 'b')).not.toBe(first);
    expect(first).toMatch(/^[\w-]{24}$/);
  });
});

describe('the layout', () => {
  it('has the cache folder that the environment names', () => {
    expect(layoutOf(root, { ATLAS_CACHE: '/a' }).cache).toBe('/a');
    expect(layoutOf(root, { XDG_CACHE_HOME: '/b' }).cache).toBe('/b/atlas');
    expect(layoutOf(root, {}).cache).toMatch(/\.cache\/atlas$/);
  });
});
