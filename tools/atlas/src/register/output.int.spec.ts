import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { readStack } from '@atlas/stack';
import { describe, expect, it } from 'vitest';
import { runAtlas } from '../../test/harness/caseFolder.ts';
import { registerBench, type RegisterBench } from '../../test/support/registered.ts';

const CASE = 'clean-two-services';
const made = 'avro/bookings/BookingMade.avsc';
const subjectOf = ({ namespace }: RegisterBench): string =>
  `${namespace}acme.bookings.booking.v1-acme.bookings.BookingMade`;
const FIELD = '"fields": [{ "name": "desk", "type": "string" },';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A proxy before the registry that answers some requests itself. */
async function proxyOf(
  target: string,
  answerOf: (method: string, path: string) => Answer | undefined,
): Promise<AsyncDisposable & { readonly url: string }> {
  const { pathname, origin } = new URL(target);
  const forwarded = async ({ method = '', url = '' }: IncomingMessage): Promise<Answer> => {
    const own = answerOf(method, url);
    if (own) return own;
    const answer = await fetch(origin + url, { method });
    return { status: answer.status, body: await answer.json() };
  };
  const server = createServer((request, response) => {
    forwarded(request).then(
      ({ status, body }) =>
        response
          .writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
          .end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}${pathname}`,
    [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())),
  };
}

describe('register', () => {
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

  it.each([
    ['is read-only', 422, { error_code: 42205, message: 'Subject is in read-only mode' }],
    ['lets the user only read', 403, { error_code: 40301, message: 'User is denied operation Write on Subject' }],
  ])('repeats the message of the registry if it %s', async (_, status, body) => {
    await using bench = await registerBench(CASE);
    const url = bench.env['SCHEMA_REGISTRY_URL'] ?? '';
    await using proxy = await proxyOf(url, (method, path) =>
      method !== 'GET' && /versions|config/.test(path) && !path.startsWith('/compatibility')
        ? { status, body }
        : undefined,
    );
    const { exit, stdout, stderr } = await runAtlas(
      bench.folder,
      ['register', '--config', join(bench.folder, 'specs/atlas.config.yaml')],
      { ...bench.env, SCHEMA_REGISTRY_URL: proxy.url.replace('//', '//kim:secret@') },
    );
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`it answered ${status} (${body.error_code}): ${body.message}`);
    expect(stderr).not.toMatch(/kim|secret|Avro 1\.12/);
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

  it('prints the plan as one JSON object, and the same object after the changes', async () => {
    await using bench = await registerBench(CASE);
    const run = async (...more: string[]): Promise<unknown> => {
      const config = join(bench.folder, 'specs/atlas.config.yaml');
      const { stdout } = await runAtlas(
        bench.folder,
        ['register', '--config', config, '--format', 'json', ...more],
        bench.env,
      );
      return JSON.parse(stdout);
    };
    const subject = subjectOf(bench);
    const schema = {
      kind: 'schema',
      subject,
      record: 'acme.bookings.BookingMade',
      replace: [],
      readers: ['onBookingMade of seats'],
    };
    const topic = {
      kind: 'topic',
      topic: `${bench.namespace}acme.seats.seat.v1`,
      partitions: 1,
      replicas: 1,
      config: { 'compression.type': 'producer' },
    };
    const planned = await run('--dry-run');
    expect(planned).toMatchObject({
      version: 1,
      verdict: 'clean',
      findings: [],
      dryRun: true,
      total: { schemas: 3, topics: 4 },
      changes: expect.arrayContaining([{ kind: 'level', subject, level: 'BACKWARD_TRANSITIVE' }, schema, topic]),
    });
    expect(await run()).toMatchObject({
      dryRun: false,
      changes: expect.arrayContaining([{ ...schema, id: expect.any(Number) }, topic]),
    });
    await bench.edit(made, '"fields": [', FIELD);
    expect(await run('--dry-run')).toMatchObject({ verdict: 'findings', findings: [{ code: 'ATL8003' }], changes: [] });
    await bench.edit(made, FIELD, FIELD.replace(' },', ', "default": "" },'));
    expect(await run('--dry-run')).toMatchObject({ changes: [{ ...schema, deploy: 'any-order' }] });
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
