import { readStack } from '@atlas/stack';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { kafkajsPort } from '../../src/adapters/kafkajs/index.ts';
import type { KafkaPort, OutgoingRecord } from '../../src/ports/kafka.ts';
import { recordingLog } from '../boxOffice.ts';
import { DOORS, SALES } from './tickets.ts';
import { eventually, ofKey, openWorld, type World } from './world.ts';

let world: World;
const ports: KafkaPort[] = [];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await Promise.all(ports.map((port) => port.close()));
  await world.stop();
});

function portOf(user: 'admin' | 'offices', brokers?: readonly string[]): KafkaPort {
  const kafka = readStack()?.kafka;
  const credentials = user === 'admin' ? kafka?.admin : kafka?.users[user];
  if (!kafka || !credentials) throw new Error('no stack: run `make up` first');
  const port = kafkajsPort({
    brokers: brokers ?? kafka.brokers,
    ...credentials,
    clientId: 'port-test',
    log: recordingLog([]),
  });
  ports.push(port);
  return port;
}

function record(topic: string, more: Partial<OutgoingRecord> = {}): OutgoingRecord {
  return {
    topic,
    partition: 1,
    key: Buffer.from('key'),
    value: Buffer.from('value'),
    headers: { text: 'a', bytes: Buffer.of(255) },
    timestamp: new Date(1_700_000_000_000),
    ...more,
  };
}

describe('the port over kafkajs', () => {
  it('sends to the given partition, with headers, key and timestamp unchanged', async () => {
    const port = portOf('admin');
    await port.send([record(world.namespace + SALES), record(world.namespace + SALES, { value: null })]);
    const [first, second] = await world.records(SALES, ofKey('key'), 2);
    expect(first).toMatchObject({ partition: 1, timestamp: '1700000000000', key: Buffer.from('key') });
    expect(first?.headers).toEqual({ text: Buffer.from('a'), bytes: Buffer.of(255) });
    expect(second?.value).toBeNull();
  });

  it('knows how many partitions a topic has', async () => {
    const topic = world.namespace + SALES;
    expect(await portOf('admin').partitions([topic])).toEqual(new Map([[topic, 3]]));
  });

  it("knows a group's offset in each partition", async () => {
    const topic = world.namespace + DOORS;
    const group = `${world.namespace}positions`;
    const port = portOf('admin');
    await port.send([record(topic), record(topic), record(topic, { partition: 2 })]);
    await world.admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 1, offset: '1' }] });
    const positions = (await port.positions(group, [topic])).toSorted((a, b) => a.partition - b.partition);
    expect(positions).toEqual([
      { topic, partition: 0, committed: undefined, low: 0n, high: 0n },
      { topic, partition: 1, committed: 1n, low: 0n, high: 2n },
      { topic, partition: 2, committed: undefined, low: 0n, high: 1n },
    ]);
    const away = portOf('admin', ['127.0.0.1:9']).positions(group, [topic]);
    await expect(away).rejects.toMatchObject({ code: 'ATLAS_KAFKA_POSITIONS' });
  });

  it('says whether a refusal is retriable, and what is at fault', async () => {
    const missing = `${world.namespace}nowhere`;
    const foreign = world.namespace + SALES;
    const large = record(foreign, { value: Buffer.alloc(2_000_000) });
    const refusal = (retriable: boolean, about?: string) => ({
      code: 'ATLAS_KAFKA_SEND',
      detail: { retriable, reason: expect.any(String), ...(about === undefined ? {} : { about }) },
    });
    await expect(portOf('admin').send([record(missing)])).rejects.toMatchObject(refusal(false, 'topic'));
    await expect(portOf('admin').partitions([missing])).rejects.toMatchObject(refusal(false, 'topic'));
    await expect(portOf('offices').send([record(foreign)])).rejects.toMatchObject(refusal(false, 'topic'));
    await expect(portOf('admin').send([large])).rejects.toMatchObject(refusal(false, 'record'));
    await expect(portOf('admin', ['127.0.0.1:9']).send([record(foreign)])).rejects.toMatchObject(refusal(true));
  });

  it('says whether the broker has answered if it cannot join a group', async () => {
    const group = { group: `${world.namespace}nobody`, topics: [world.namespace + SALES] };
    const handlers = { assigned: () => undefined, batch: async () => undefined };
    const answered = (yes: boolean) => ({ code: 'ATLAS_KAFKA_JOIN', detail: { answered: yes } });
    await expect(portOf('offices').run(group, handlers)).rejects.toMatchObject(answered(true));
    await expect(portOf('admin', ['127.0.0.1:9']).run(group, handlers)).rejects.toMatchObject(answered(false));
  });

  it('connects without a warning of timeouts in the past, and hides no other warning', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', note);
    await portOf('admin').send([record(world.namespace + SALES)]);
    process.emitWarning('seen', 'OtherWarning');
    await expect.poll(() => warnings, eventually).toContain('OtherWarning');
    process.off('warning', note);
    expect(warnings).toEqual(['OtherWarning']);
  });

  it('sends heartbeats also after the clock of the machine stepped back by an hour', async () => {
    const consumer = world.kafka.consumer({ groupId: `${world.namespace}stepped`, heartbeatInterval: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic: world.namespace + DOORS });
    let beats = 0;
    consumer.on(consumer.events.HEARTBEAT, () => {
      beats += 1;
    });
    await consumer.run({ eachMessage: async () => undefined });
    await expect.poll(() => beats, eventually).toBeGreaterThan(0);
    const { now } = Date;
    const date = vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    const before = beats;
    await expect.poll(() => beats, eventually).toBeGreaterThan(before + 1);
    date.mockRestore();
    await consumer.disconnect();
  });
});
