import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { registerBench } from '../../test/support/registered.ts';

const { TOPIC } = kafkajs.ConfigResourceTypes;
const CASE = 'clean-two-services';
const TOPICS = ['acme.bookings.booking.v1', 'acme.seats.seat.v1', 'atlas.bookings.dlq.v1', 'atlas.seats.dlq.v1'];

describe('register', () => {
  it('brings the registry and the broker in line with the specs, and changes nothing in a second run', async () => {
    await using bench = await registerBench(CASE);
    const planned = await bench.register(true);
    expect(await bench.topics()).toEqual([]);
    const first = await bench.register();
    const would = planned.lines.map((line) => line.replace(/ would be (set|registered|created)/, ' $1'));
    expect(planned.lines).toEqual(would?.map(() => expect.stringContaining(' would be ')));
    expect(first.lines.map((line) => line.replace(/, id \d+$/, ''))).toEqual(would);
    expect(first.result?.diagnostics).toEqual([]);
    expect(await bench.topics()).toEqual(TOPICS.toSorted());
    const subject = `${bench.namespace}acme.bookings.booking.v1-acme.bookings.BookingMade`;
    expect(await bench.registry(`/config/${subject}`)).toMatchObject({ compatibilityLevel: 'BACKWARD_TRANSITIVE' });
    expect(await bench.registry(`/subjects/${subject}/versions`)).toEqual([1]);
    expect((await bench.register()).lines).toEqual([]);
  });

  it('succeeds while other runs register the same', async () => {
    await using bench = await registerBench(CASE);
    const runs = await Promise.all(Array.from({ length: 4 }, () => bench.register()));
    expect(runs.flatMap(({ result }) => result?.diagnostics)).toEqual([]);
    const subject = `${bench.namespace}acme.bookings.booking.v1-acme.bookings.BookingMade`;
    expect(await bench.registry(`/subjects/${subject}/versions`)).toEqual([1]);
    expect((await bench.register()).lines).toEqual([]);
  });

  it('creates topics with the partitions and settings of the specs, and keeps dead letters forever', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    const name = `${bench.namespace}acme.bookings.booking.v1`;
    const { topics } = await bench.admin.fetchTopicMetadata({ topics: [name] });
    expect(topics[0]?.partitions).toHaveLength(3);
    const { resources } = await bench.admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: TOPIC, name: `${bench.namespace}atlas.seats.dlq.v1`, configNames: ['retention.ms'] }],
    });
    expect(resources[0]?.configEntries[0]?.configValue).toBe('-1');
  });

  it('refuses a different number of partitions and changes nothing else', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    await bench.edit('asyncapi/bookings.yaml', 'partitions: 3', 'partitions: 6');
    await bench.edit('asyncapi/seats.yaml', 'acme.seats.seat.v1', 'acme.seats.seat.v2');
    expect(await bench.codes()).toEqual([
      'ATL8001 topic acme.bookings.booking.v1 has 3 partitions, but the spec says 6',
    ]);
    expect(await bench.topics()).not.toContain('acme.seats.seat.v2');
  });

  it('refuses settings that differ from the specs or that the specs do not contain', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    await bench.edit('asyncapi/bookings.yaml', 'retention.ms: 604800000', 'retention.ms: -1');
    const name = `${bench.namespace}acme.seats.seat.v1`;
    await bench.admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: TOPIC, name, configEntries: [{ name: 'max.message.bytes', value: '2000' }] }],
    });
    const asked = { includeSynonyms: false, resources: [{ type: TOPIC, name, configNames: ['max.message.bytes'] }] };
    const altered = async () => (await bench.admin.describeConfigs(asked)).resources[0]?.configEntries[0]?.configValue;
    await expect.poll(altered).toBe('2000');
    expect(await bench.codes()).toEqual([
      'ATL8002 topic acme.bookings.booking.v1 has retention.ms=604800000, but the spec says -1',
      'ATL8002 topic acme.seats.seat.v1 has max.message.bytes=2000, but the spec does not set it',
    ]);
  });

  it('sets compression.type, by default to producer, and refuses a topic that has another', async () => {
    await using bench = await registerBench(CASE);
    const compressionOf = async (topic: string): Promise<string | undefined> => {
      const asked = { type: TOPIC, name: bench.namespace + topic, configNames: ['compression.type'] };
      const { resources } = await bench.admin.describeConfigs({ includeSynonyms: false, resources: [asked] });
      return resources[0]?.configEntries[0]?.configValue;
    };
    await bench.edit('asyncapi/bookings.yaml', 'retention.ms: 604800000', 'compression.type: zstd');
    await bench.register();
    expect(await compressionOf('acme.bookings.booking.v1')).toBe('zstd');
    expect(await compressionOf('acme.seats.seat.v1')).toBe('producer');
    await bench.edit('asyncapi/bookings.yaml', 'compression.type: zstd', 'compression.type: lz4');
    const name = `${bench.namespace}atlas.seats.dlq.v1`;
    const kept = [
      { name: 'cleanup.policy', value: 'delete' },
      { name: 'retention.ms', value: '-1' },
    ];
    await bench.admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: TOPIC, name, configEntries: [...kept, { name: 'compression.type', value: 'gzip' }] }],
    });
    await expect.poll(() => compressionOf('atlas.seats.dlq.v1')).toBe('gzip');
    expect(await bench.codes()).toEqual([
      'ATL8002 topic acme.bookings.booking.v1 has compression.type=zstd, but the spec says lz4',
      'ATL8002 topic atlas.seats.dlq.v1 has compression.type=gzip, but the spec says producer',
    ]);
  });

  it('creates no foreign topic, and registers no schema for it', async () => {
    await using bench = await registerBench('foreign-topic');
    const { result, lines } = await bench.register();
    expect(result?.total).toEqual({ schemas: 0, topics: 1 });
    expect(lines).toEqual([`topic ${bench.namespace}atlas.reports.dlq.v1 created, 1 partition`]);
    expect(await bench.topics()).toEqual(['atlas.reports.dlq.v1']);
  });

  it('refuses a topic that the broker would refuse, before anything is registered', async () => {
    await using bench = await registerBench(CASE);
    await bench.edit('asyncapi/bookings.yaml', 'replicas: 1', 'replicas: 3');
    expect(await bench.codes()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ATL8005 the broker refuses to create topic acme\.bookings\.booking\.v1/),
      ]),
    );
    expect(await bench.topics()).toEqual([]);
    const subject = `${bench.namespace}acme.seats.seat.v1-acme.seats.SeatsTaken`;
    expect(await bench.registry(`/subjects/${subject}/versions`)).toBe(404);
  });
});
