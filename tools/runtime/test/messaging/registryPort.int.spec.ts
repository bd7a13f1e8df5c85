import { readStack } from '@atlas/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registryPort } from '../../src/adapters/registry/index.ts';
import { seatSold } from './tickets.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

function port(url = readStack()?.registry.url) {
  return registryPort({ url: url ?? '' });
}

describe('the registry', () => {
  it('knows the id of a text and the text of an id', async () => {
    const id = await port().idOf(world.namespace + seatSold.subject, seatSold.schema);
    expect(id).toBe(await world.register(seatSold.subject, seatSold.schema));
    // byte for byte, because otherwise a resolver is compiled although the schema is the same
    expect(await port().textOf(id ?? 0)).toBe(seatSold.schema);
  });

  it('gives undefined for what was not registered', async () => {
    const other = seatSold.schema.replace('SeatSold', 'SeatUnheard');
    expect(await port().idOf(world.namespace + seatSold.subject, other)).toBeUndefined();
    expect(await port().idOf(`${world.namespace}nobody-${seatSold.type}`, seatSold.schema)).toBeUndefined();
    expect(await port().textOf(2_000_000_000)).toBeUndefined();
  });

  it('throws if it is unavailable', async () => {
    await expect(port('http://127.0.0.1:9').textOf(1)).rejects.toMatchObject({ code: 'ATLAS_REGISTRY_UNAVAILABLE' });
  });
});
