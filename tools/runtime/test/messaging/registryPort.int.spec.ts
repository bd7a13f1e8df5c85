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
    // it is equal byte for byte, because otherwise a resolver would be compiled although the schema is the same
    expect(await port().schemaOf(id ?? 0)).toEqual({ text: seatSold.schema, references: [] });
  });

  it('gives undefined for what was not registered', async () => {
    const other = seatSold.schema.replace('SeatSold', 'SeatUnheard');
    expect(await port().idOf(world.namespace + seatSold.subject, other)).toBeUndefined();
    expect(await port().idOf(`${world.namespace}nobody-${seatSold.type}`, seatSold.schema)).toBeUndefined();
    expect(await port().schemaOf(2_000_000_000)).toBeUndefined();
  });

  it('gives the texts of the schemas that a schema refers to, each after its own references', async () => {
    const subject = (name: string): string => `${world.namespace}${name}`;
    const reference = (name: string) => [{ name: `n.${name}`, subject: subject(name), version: 1 }];
    const [city, person, order] = [
      '{"type":"record","name":"City","namespace":"n","fields":[{"name":"name","type":"string"}]}',
      '{"type":"record","name":"Person","namespace":"n","fields":[{"name":"city","type":"n.City"}]}',
      '{"type":"record","name":"Order","namespace":"n","fields":[{"name":"who","type":"n.Person"}]}',
    ];
    await world.register('City', city);
    await world.register('Person', person, reference('City'));
    const id = await world.register('Order', order, reference('Person'));
    const found = await port().schemaOf(id);
    expect(found?.references.map((text) => JSON.parse(text).name)).toEqual(['City', 'Person']);
  });

  it('does not show a password if it is unavailable', async () => {
    await expect(port('http://kim:secret@127.0.0.1:9').schemaOf(1)).rejects.toThrow(
      /^(?!.*(kim|secret)).*127\.0\.0\.1:9/,
    );
  });

  it('throws if it is unavailable', async () => {
    await expect(port('http://127.0.0.1:9').schemaOf(1)).rejects.toMatchObject({ code: 'ATLAS_REGISTRY_UNAVAILABLE' });
  });
});
