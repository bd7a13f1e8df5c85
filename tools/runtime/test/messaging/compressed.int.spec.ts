import kafkajs from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registerCodecs } from '../../src/adapters/kafkajs/codecs.ts';
import { openHall, openOffice, sold, until, type Halls } from './hall.ts';
import { SALES } from './tickets.ts';

/** The broker compresses what the relay sends, as a producer with this codec would. */

let shared: Awaited<ReturnType<typeof openOffice>>;
let halls: Halls;

beforeAll(async () => {
  shared = await openOffice();
});
afterAll(() => shared.world.stop());
beforeEach(async () => {
  halls = await openHall(shared);
});
afterEach(() => halls.close());

async function compress(codec: string) {
  const name = shared.world.namespace + SALES;
  const configEntries = [{ name: 'compression.type', value: codec }];
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries }];
  await shared.world.admin.alterConfigs({ validateOnly: false, resources });
}

/** There are several, so that batches have something to compress. */
const seats = Array.from({ length: 20 }, (_, n) => n);

describe('a topic with compression.type', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed'])('%s is read', async (codec) => {
    await compress(codec);
    await halls.open();
    await halls.sell(...seats.map((seat) => sold(codec, seat)));
    await until(async () => expect(await halls.seats(codec)).toEqual(seats));
  });

  it('whose codec is unknown fails readiness with the name of the topic, and is read once the codec is known', async () => {
    await compress('zstd');
    const member = await halls.open();
    const { ZSTD } = kafkajs.CompressionTypes;
    await halls.sell(sold('known', 1));
    await until(async () => expect(await halls.seats('known')).toEqual([1]));
    Object.assign(kafkajs.CompressionCodecs, {
      [ZSTD]: () => {
        throw new Error('codec 4 is not known');
      },
    });
    try {
      await halls.sell(sold('unknown', 1));
      await until(async () =>
        expect(await member.messaging.readiness()).toContainEqual({
          name: 'consumer',
          ok: false,
          note: expect.stringMatching(new RegExp(`${SALES}/\\d \\(codec 4 is not known\\)`)),
        }),
      );
    } finally {
      registerCodecs();
    }
    await until(async () => expect(await halls.seats('unknown')).toEqual([1]));
    expect(member.lines.filter(({ message }) => /gave up/.test(message))).toEqual([]);
    await until(async () => expect(await member.messaging.readiness()).toContainEqual({ name: 'consumer', ok: true }));
  });
});
