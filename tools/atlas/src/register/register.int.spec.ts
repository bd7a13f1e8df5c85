import { createServer } from 'node:http';
import { readStack } from '@atlas/stack';
import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { runAtlas } from '../../test/harness/caseFolder.ts';
import { registerBench, type RegisterBench } from '../../test/support/registered.ts';

const { TOPIC } = kafkajs.ConfigResourceTypes;
const CASE = 'clean-two-services';
const TOPICS = ['acme.bookings.booking.v1', 'acme.seats.seat.v1', 'atlas.bookings.dlq.v1', 'atlas.seats.dlq.v1'];

async function codes(bench: RegisterBench): Promise<readonly string[]> {
  const { result } = await bench.register();
  return (result?.diagnostics ?? []).map(({ code, message }) => `${code} ${message.replaceAll(bench.namespace, '')}`);
}

describe('register', () => {
  it('brings the registry and the broker in line with the specs, and changes nothing in a second run', async () => {
    await using bench = await registerBench(CASE);
    const planned = await bench.register(true);
    expect(await bench.topics()).toEqual([]);
    const first = await bench.register();
    const would = planned.result?.changes.map((line) => line.replace(/ would be (set|registered|created)/, ' $1'));
    expect(planned.result?.changes).toEqual(would?.map(() => expect.stringContaining(' would be ')));
    expect(first.result?.changes.map((line) => line.replace(/, id \d+$/, ''))).toEqual(would);
    expect(first.result?.diagnostics).toEqual([]);
    expect(await bench.topics()).toEqual(TOPICS.toSorted());
    const subject = `${bench.namespace}acme.bookings.booking.v1-acme.bookings.BookingMade`;
    expect(await bench.registry(`/config/${subject}`)).toMatchObject({ compatibilityLevel: 'BACKWARD_TRANSITIVE' });
    expect(await bench.registry(`/subjects/${subject}/versions`)).toEqual([1]);
    expect((await bench.register()).result?.changes).toEqual([]);
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
    expect(await codes(bench)).toEqual([
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
    expect(await codes(bench)).toEqual([
      'ATL8002 topic acme.bookings.booking.v1 has retention.ms=604800000, but the spec says -1',
      'ATL8002 topic acme.seats.seat.v1 has max.message.bytes=2000, but the spec does not set it',
    ]);
  });

  it('refuses a topic that the broker would refuse, before anything is registered', async () => {
    await using bench = await registerBench(CASE);
    await bench.edit('asyncapi/bookings.yaml', 'replicas: 1', 'replicas: 3');
    expect(await codes(bench)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ATL8005 the broker refuses to create topic acme\.bookings\.booking\.v1/),
      ]),
    );
    expect(await bench.topics()).toEqual([]);
    const subject = `${bench.namespace}acme.seats.seat.v1-acme.seats.SeatsTaken`;
    expect(await bench.registry(`/subjects/${subject}/versions`)).toBe(404);
  });

  it('refuses a schema that cannot read older events, and registers no other schema', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    const made = 'avro/bookings/BookingMade.avsc';
    await bench.edit(made, '"fields": [', '"fields": [{ "name": "desk", "type": "string" },');
    await bench.edit('asyncapi/seats.yaml', 'acme.seats.seat.v1', 'acme.seats.seat.v2');
    expect(await codes(bench)).toEqual([
      'ATL8003 acme.bookings.BookingMade.desk is not written, and has no default: the new schema cannot read events of version 1 of acme.bookings.booking.v1-acme.bookings.BookingMade',
    ]);
    expect(await bench.topics()).not.toContain('acme.seats.seat.v2');
    await bench.edit(made, '"type": "string" },', '"type": "string", "default": "" },');
    const { result } = await bench.register();
    expect(result?.diagnostics).toEqual([]);
    expect(result?.changes).toContainEqual(expect.stringContaining('schema acme.bookings.BookingMade registered'));
    expect(await bench.topics()).toContain('acme.seats.seat.v2');
  });

  it('compares with every version and not only with the last', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    const made = 'avro/bookings/BookingMade.avsc';
    await bench.edit(made, '"fields": [', '"fields": [{ "name": "desk", "type": "string", "default": "" },');
    await bench.register();
    // Without its default the field is in version 2, and not in version 1.
    await bench.edit(made, '"type": "string", "default": "" },', '"type": "string" },');
    expect(await codes(bench)).toEqual([expect.stringContaining('cannot read events of version 1 of')]);
  });

  it('checks a subject with compatibility NONE too, and restores its level if it refuses the schema', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    const subject = `${bench.namespace}acme.bookings.booking.v1-acme.bookings.BookingMade`;
    await bench.registry(`/config/${subject}`, 'PUT', { compatibility: 'NONE' });
    const made = 'avro/bookings/BookingMade.avsc';
    await bench.edit(made, '"fields": [', '"fields": [{ "name": "desk", "type": "string" },');
    expect(await codes(bench)).toEqual([expect.stringContaining('ATL8003')]);
    expect(await bench.registry(`/config/${subject}`)).toMatchObject({ compatibilityLevel: 'NONE' });
    await bench.edit(made, '"type": "string" },', '"type": "string", "default": "" },');
    expect((await bench.register()).result?.changes).toContainEqual(
      `subject ${subject} set to BACKWARD_TRANSITIVE, was NONE`,
    );
  });

  const made = 'avro/bookings/BookingMade.avsc';
  const subjectOf = ({ namespace }: RegisterBench): string =>
    `${namespace}acme.bookings.booking.v1-acme.bookings.BookingMade`;
  const FIELD = '"fields": [{ "name": "desk", "type": "string" },';

  it('refuses what running readers cannot read, names the field with its line and who reads it, and changes nothing', async () => {
    await using bench = await registerBench(CASE);
    await bench.edit(made, '"fields": [', FIELD);
    await bench.register();
    await bench.edit(made, FIELD, '"fields": [');
    for (const dryRun of [true, false]) {
      const { result } = await bench.register(dryRun);
      expect(result?.diagnostics).toMatchObject([
        {
          code: 'ATL8006',
          message: `acme.bookings.BookingMade.desk is not written, and has no default: readers with version 1 of ${subjectOf(bench)} cannot read new events (onBookingMade of seats)`,
          loc: { file: made, line: 1 },
        },
      ]);
    }
    expect(await bench.registry(`/subjects/${subjectOf(bench)}/versions`)).toEqual([1]);
    // the way: a default first, then readers are deployed, then it goes
    await bench.edit(made, '"fields": [', FIELD.replace(' },', ', "default": "" },'));
    expect((await bench.register()).result?.changes).toEqual([
      expect.stringMatching(/, readers and writers may be deployed in any order, id \d+$/),
    ]);
    await bench.edit(made, FIELD.replace(' },', ', "default": "" },'), '"fields": [');
    expect((await bench.register()).result?.changes).toEqual([
      expect.stringMatching(/, readers with version 1 must be replaced before writers are deployed, id \d+$/),
    ]);
  });

  it.each([
    [
      'a decimal of another scale',
      '{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}',
      '"scale":2',
      '"scale":4',
      ['ATL8003', 'ATL8006'],
    ],
    [
      'another unit of time',
      '{"type":"long","logicalType":"timestamp-millis"}',
      'millis',
      'micros',
      ['ATL8003', 'ATL8006'],
    ],
    ['a new symbol', '{"type":"enum","name":"Kind","symbols":["A"]}', '["A"]', '["A","B"]', ['ATL8006']],
  ])('refuses %s', async (_, type, from, to, expected) => {
    await using bench = await registerBench(CASE);
    await bench.edit(made, '"fields": [', `"fields": [{ "name": "extra", "type": ${type} },`);
    await bench.register();
    await bench.edit(made, from, to);
    expect((await codes(bench)).map((text) => text.slice(0, 7))).toEqual(expected);
  });

  it.each([
    ['FULL', undefined],
    ['FULL_TRANSITIVE', undefined],
    ['FORWARD', 'FULL'],
  ])('does not weaken a subject with level %s', async (level, raised) => {
    await using bench = await registerBench(CASE);
    await bench.register();
    await bench.registry(`/config/${subjectOf(bench)}`, 'PUT', { compatibility: level });
    await bench.register();
    expect(await bench.registry(`/config/${subjectOf(bench)}`)).toMatchObject({ compatibilityLevel: raised ?? level });
  });

  it('judges in a dry run as in a real run', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    await bench.edit(made, '"fields": [', FIELD);
    for (const level of ['NONE', 'BACKWARD', 'FORWARD', 'FULL']) {
      await bench.registry(`/config/${subjectOf(bench)}`, 'PUT', { compatibility: level });
      const found = [await bench.register(true), await bench.register()].map(({ result }) => result?.diagnostics);
      expect(found[0]).toMatchObject([{ code: 'ATL8003' }]);
      expect(found[1]).toEqual(found[0]);
    }
  });

  it('shows no password, and says if the server is not a registry', async () => {
    await using bench = await registerBench(CASE);
    const page = createServer((_, response) => response.end('<html>log in</html>'));
    await new Promise<void>((listening) => page.listen(0, '127.0.0.1', listening));
    const address = page.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const run = (url: string): ReturnType<typeof runAtlas> =>
      runAtlas(bench.folder, ['register', '--config', join(bench.folder, 'specs/atlas.config.yaml')], {
        ...bench.env,
        SCHEMA_REGISTRY_URL: url,
      });
    const login = await run(`http://kim:secret@127.0.0.1:${port}`);
    page.close();
    expect([login.exit, login.stderr]).toEqual([2, expect.stringContaining('is not a schema registry')]);
    const unavailable = await run('http://kim:secret@127.0.0.1:1');
    expect(unavailable.exit).toBe(2);
    expect(login.stderr + unavailable.stderr + (await run('kim:secret@nowhere')).stderr).not.toMatch(/kim|secret/);
  });

  it('says which of the two is unavailable and what to check, with exit code 2', async () => {
    await using bench = await registerBench(CASE);
    const run = (env: Record<string, string>): ReturnType<typeof runAtlas> =>
      runAtlas(bench.folder, ['register', '--config', join(bench.folder, 'specs/atlas.config.yaml')], {
        ...bench.env,
        ...env,
      });
    const registry = await run({ SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' });
    expect([registry.exit, registry.stderr]).toEqual([
      2,
      expect.stringMatching(/^atlas: the schema registry at .* check that it runs/m),
    ]);
    const broker = await run({ KAFKA_BROKERS: '127.0.0.1:1' });
    expect([broker.exit, broker.stderr]).toEqual([
      2,
      expect.stringMatching(/^atlas: Kafka at 127\.0\.0\.1:1 .* check that it runs/m),
    ]);
    const password = await run({ KAFKA_PASSWORD: 'wrong' });
    expect([password.exit, password.stderr]).toEqual([
      2,
      expect.stringContaining('check KAFKA_USERNAME, KAFKA_PASSWORD'),
    ]);
    const [user] = Object.values(readStack()?.kafka.users ?? {});
    const rights = await run({ KAFKA_USERNAME: user?.username ?? '', KAFKA_PASSWORD: user?.password ?? '' });
    expect([rights.exit, rights.stderr]).toEqual([
      2,
      expect.stringMatching(/Not authorized .* the rights of the user/),
    ]);
    const unset = await run({ SCHEMA_REGISTRY_URL: '' });
    expect([unset.exit, unset.stderr]).toEqual([2, expect.stringContaining('SCHEMA_REGISTRY_URL is not set')]);
    expect(await bench.topics()).toEqual([]);
  });

  it('prints changes to stdout, and only a summary to stderr', async () => {
    await using bench = await registerBench(CASE);
    const run = (...more: string[]): ReturnType<typeof runAtlas> =>
      runAtlas(
        bench.folder,
        ['register', '--config', join(bench.folder, 'specs/atlas.config.yaml'), ...more],
        bench.env,
      );
    const dry = await run('--dry-run');
    expect([dry.exit, dry.stderr]).toEqual([
      0,
      expect.stringMatching(/^✓ 3 schemas · 4 topics · \d+ changes to make\n$/),
    ]);
    expect(dry.stdout).toContain(`topic ${bench.namespace}acme.seats.seat.v1 would be created, 1 partition\n`);
    const { exit, stdout } = await run();
    expect(exit).toBe(0);
    expect(stdout).toContain(`topic ${bench.namespace}acme.seats.seat.v1 created, 1 partition\n`);
    const again = await run();
    expect([again.exit, again.stdout, again.stderr]).toEqual([0, '', '✓ 3 schemas · 4 topics · 0 changes\n']);
  });
});
