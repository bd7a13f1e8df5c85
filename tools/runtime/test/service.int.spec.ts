import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { readStack } from '@atlas/stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openWorld } from './messaging/world.ts';
import { serviceProcess, type ServiceProcess } from './serviceProcess.ts';
import { signer, type Signer } from './signer.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

/** A service with relay and consumer. */
const MESSAGING = import.meta.resolve('./crash/main.ts');
const running: ServiceProcess[] = [];
let database: TestDatabase;
let keys: Signer;

beforeAll(async () => {
  database = await testDatabase();
  keys = await signer();
});
afterEach(() => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await database.drop();
  keys.close();
});

function start(
  other: Readonly<Record<string, string>> = {},
  main = import.meta.resolve('./bookings/main.ts'),
): ServiceProcess {
  const one = serviceProcess(main, {
    ...keys.env,
    DATABASE_URL: database.url,
    KAFKA_BROKERS: '127.0.0.1:1',
    SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
    ...other,
  });
  running.push(one);
  return one;
}

describe('a service', () => {
  it('says where it listens, is ready, and answers requests', async () => {
    const { url, adminUrl, service, level } = await start().listening;
    expect({ service, level }).toEqual({ service: 'bookings', level: 'info' });
    // ready only once no check is slow any more
    const ready = async () => (await fetch(`${adminUrl}/health/ready`)).json();
    await expect.poll(ready).toEqual({
      status: 'ready',
      service: 'bookings',
      checks: [
        { name: 'database', ok: true },
        { name: 'migrations', ok: true },
      ],
    });
    expect((await fetch(`${adminUrl}/health/live`)).status).toBe(200);
    const unknown = await fetch(`${url}/v1/bookings/0190f3c1-7a00-7000-8000-000000000001`, {
      headers: { authorization: keys.authorization },
    });
    expect(await unknown.json()).toMatchObject({ status: 404, code: 'booking-not-found' });
    // counted only after the response was sent
    const metrics = async () => (await fetch(`${adminUrl}/metrics`)).text();
    await expect
      .poll(metrics)
      .toMatch(/^atlas_http_request_seconds_count\{.*operation="getBooking",status="404"\} 1$/m);
    for (const pool of ['commands', 'consumers', 'relay', 'watch'])
      expect(await metrics()).toMatch(
        new RegExp(`^atlas_pool_connections\\{.*pool="${pool}",state="waiting".*\\} 0$`, 'm'),
      );
    expect((await fetch(`${url}/docs/`)).status).toBe(200);
    expect((await fetch(`${adminUrl}/elsewhere`)).status).toBe(404);
  });

  it('is not ready while a migration is missing, and names it', async () => {
    const { adminUrl } = await start().listening;
    await database.query(`UPDATE atlas_migration SET checksum = 'x' WHERE scope = 'service'`);
    const { adminUrl: next } = await start().listening;
    const ready = async () => {
      const answer = await fetch(`${next}/health/ready`);
      return { code: answer.status, body: await answer.json() };
    };
    const body = {
      status: 'not ready',
      checks: [
        { name: 'database', ok: true },
        { name: 'migrations', ok: false, note: expect.stringContaining('service/0001_shows.sql') },
      ],
    };
    await expect.poll(ready).toMatchObject({ code: 503, body });
    expect((await fetch(`${adminUrl}/health/live`)).status).toBe(200);
  });

  it('that is stopped answers its current requests, and accepts no new ones', async () => {
    await database.query('SELECT pg_advisory_lock(42)');
    const { child, listening, ended } = start();
    const { url, adminUrl } = await listening;
    const begun = fetch(`${url}/v1/shows/s-1`, { method: 'DELETE' });
    await waiting();
    child.kill('SIGTERM');
    await refused(url);
    expect(await (await fetch(`${adminUrl}/health/ready`)).json()).toMatchObject({
      checks: [{ name: 'process', ok: false, note: 'is stopping' }],
    });
    await database.query('SELECT pg_advisory_unlock(42)');
    expect((await begun).status).toBe(204);
    expect((await ended).code).toBe(0);
  });

  it('that is stopped twice exits at once', async () => {
    await database.query('SELECT pg_advisory_lock(42)');
    const { child, listening, ended } = start();
    const { url } = await listening;
    const begun = fetch(`${url}/v1/shows/s-1`, { method: 'DELETE' }).catch(() => 'cut');
    await waiting();
    child.kill('SIGTERM');
    await refused(url);
    child.kill('SIGINT');
    expect((await ended).code).toBe(1);
    expect(await begun).toBe('cut');
    await database.query('SELECT pg_advisory_unlock(42)');
  });
});

describe('requests that wait for one locked row', () => {
  it('are refused as busy after a limited wait, and disturb neither relay nor consumer nor readiness', async () => {
    const stack = readStack();
    if (!stack) throw new Error('no stack: run `make up` first');
    const world = await openWorld();
    const own = await world.database();
    const one = start(
      {
        DATABASE_URL: own.url,
        KAFKA_BROKERS: stack.kafka.brokers.join(','),
        KAFKA_USERNAME: stack.kafka.admin.username,
        KAFKA_PASSWORD: stack.kafka.admin.password,
        SCHEMA_REGISTRY_URL: stack.registry.url,
        ATLAS_NAMESPACE: world.namespace,
        READS: 'one by one',
      },
      MESSAGING,
    );
    const { url, adminUrl } = await one.listening;
    const book = async (key: string) => {
      const answer = await fetch(`${url}/v1/shows/s-1/bookings`, {
        method: 'POST',
        headers: { authorization: keys.authorization, 'content-type': 'application/json', 'idempotency-key': key },
        body: '{"seats":1}',
      });
      return { status: answer.status, body: await answer.text() };
    };
    const ready = async () => {
      const answer = await fetch(`${adminUrl}/health/ready`);
      return { status: answer.status, text: await answer.text() };
    };
    await expect.poll(ready).toMatchObject({ status: 200 });
    expect((await book('first')).status).toBe(201);
    await own.query('BEGIN');
    await own.query('SELECT FROM atlas_sequence FOR UPDATE');
    // not on the connection that holds the lock, because a transaction sees only one snapshot of this view
    const blocked = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = $1`;
    const name = new URL(own.url).pathname.slice(1);
    const isApplied = async (show: string): Promise<boolean> =>
      (await own.query('SELECT FROM effect WHERE show_id = $1', [show])).length > 0;

    // Without connections of their own, relay and consumer would always wait for the first answer. With them, they are
    // faster, unless the machine is very busy in that round.
    let wasFaster = false;
    for (let round = 0; !wasFaster; round += 1) {
      const state = { answered: 0 };
      const answers = Array.from({ length: 14 }, (_, n) =>
        book(`key-${round}-${n}`).finally(() => void (state.answered += 1)),
      );
      await expect.poll(() => database.query(blocked, [name])).toEqual([{ n: 10 }]);
      await world.commit(own, [{ type: 'SeatSold', data: { showId: `round ${round}`, seat: 1 } }]);
      while (state.answered < answers.length) {
        wasFaster ||= (await isApplied(`round ${round}`)) && state.answered === 0;
        expect(await ready()).toMatchObject({ status: 200 });
      }
      for (const { status, body } of await Promise.all(answers)) {
        expect(status).toBe(503);
        expect(JSON.parse(body)).toMatchObject({ code: 'busy' });
      }
    }
    await own.query('ROLLBACK');
    expect((await book('last')).status).toBe(201);
    one.child.kill('SIGKILL');
    await one.ended;
    await world.stop();
  });
});

describe('readiness', () => {
  it('of a service with messages names what is unavailable, and is 503 without its database', async () => {
    const own = await testDatabase();
    const { adminUrl } = await start({ DATABASE_URL: own.url }, MESSAGING).listening;
    const ready = async () => {
      const answer = await fetch(`${adminUrl}/health/ready`);
      const body: { readonly checks: readonly { readonly name: string; readonly ok: boolean }[] } = JSON.parse(
        await answer.text(),
      );
      return { status: answer.status, failed: body.checks.filter(({ ok }) => !ok).map(({ name }) => name) };
    };
    await expect.poll(ready).toEqual({ status: 200, failed: [] });
    await own.drop();
    await expect.poll(ready).toMatchObject({ status: 503, failed: expect.arrayContaining(['database']) });
    expect((await fetch(`${adminUrl}/health/live`)).status).toBe(200);
  });
});

describe('a database', () => {
  it('that accepts connections but answers late is waited for, without a stack trace', async () => {
    const target = new URL(database.url);
    let slow = true;
    const proxy = createServer((client) => {
      // the first connections are accepted and never answered, as by a server that is recovering
      if (slow) return void client.on('error', () => client.destroy());
      const server = connect(Number(target.port), target.hostname);
      for (const socket of [client, server]) socket.on('error', () => [client, server].map((one) => one.destroy()));
      client.pipe(server).pipe(client);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = proxy.address();
    const url = new URL(database.url);
    url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const one = start({ DATABASE_URL: url.href });
    await expect.poll(() => one.log()).toContain('waiting for the database');
    slow = false;
    const { adminUrl } = await one.listening;
    expect((await fetch(`${adminUrl}/health/live`)).status).toBe(200);
    one.child.kill('SIGTERM');
    expect(await one.ended).toMatchObject({ code: 0, stderr: 'bookings: SIGTERM, stopping\n' });
    proxy.close();
  });
});

describe('a wrong password', () => {
  it('of the database stops the start and is never printed', async () => {
    const url = new URL(database.url);
    url.password = 'hunter2-database';
    const one = start({ DATABASE_URL: url.href });
    const { code, stderr } = await one.ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/password authentication failed/) });
    expect(stderr + one.log()).not.toContain('hunter2');
    // it does not wait, because it would be refused again
    expect(one.log()).not.toContain('waiting for the database');
  });

  it('of Kafka is reported by readiness and log, which never print it', async () => {
    const brokers = readStack()?.kafka.brokers.join(',') ?? '';
    const kafka = {
      KAFKA_BROKERS: brokers,
      KAFKA_USERNAME: 'admin',
      KAFKA_PASSWORD: 'hunter2-kafka',
      READS: 'one by one',
    };
    const one = start(kafka, MESSAGING);
    const { adminUrl } = await one.listening;
    const text = async () => (await fetch(`${adminUrl}/health/ready`)).text();
    // a busy broker may not answer the first tries at all
    await one.logged(/could not join the group.*(SASL|[Aa]uthentication)|(SASL|[Aa]uthentication).*could not join/);
    await expect.poll(text).toMatch(/can't join group .*(SASL|[Aa]uthentication)/);
    expect((await text()) + one.log()).not.toContain('hunter2');
    expect((await text()) + one.log()).not.toContain(Buffer.from('hunter2').toString('base64').slice(0, 8));
  });
});

describe('a service whose issuer does not answer', () => {
  it('starts, says that it has no keys, and answers 503 to everybody with a token', async () => {
    const silent = 'http://127.0.0.1:1/certs';
    const { url, adminUrl } = await start({ AUTH_JWKS_FILE: '', AUTH_JWKS_URL: silent }).listening;
    const ready = await fetch(`${adminUrl}/health/ready`);
    expect(ready.status).toBe(503);
    const keysCheck = { name: 'keys', ok: false, note: `no keys of the issuer yet, from ${silent}` };
    expect(await ready.json()).toMatchObject({ checks: expect.arrayContaining([keysCheck]) });
    const booking = `${url}/v1/bookings/0190f3c1-7a00-7000-8000-000000000001`;
    const answer = await fetch(booking, { headers: { authorization: keys.authorization } });
    expect(await answer.json()).toMatchObject({ status: 503, code: 'unavailable' });
    expect((await fetch(booking)).status).toBe(401);
  });
});

describe('a start that fails', () => {
  it.each([
    [
      'without a database',
      { DATABASE_URL: '' },
      /^environment variables are missing or wrong: DATABASE_URL is not set\n$/,
    ],
    [
      'with a database that is unavailable',
      { DATABASE_URL: 'postgres://x@127.0.0.1:1/none', ATLAS_START_PATIENCE_SECONDS: '1' },
      /^bookings can't start: the database is unavailable: .*ECONNREFUSED.*\n$/,
    ],
    [
      'without keys',
      { AUTH_JWKS_FILE: '/nowhere' },
      /^bookings can't start: cannot read AUTH_JWKS_FILE \/nowhere.*\n$/,
    ],
  ])('%s is one line and exit code 1', async (_what, other, line) => {
    const { code, stderr } = await start(other).ended;
    expect(stderr).toMatch(line);
    expect(code).toBe(1);
  });

  it('because a port is in use names the port', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = String(typeof address === 'object' ? address?.port : '');
    for (const variable of ['PORT', 'ADMIN_PORT']) {
      const { stderr } = await start({ [variable]: port }).ended;
      expect(stderr).toBe(`bookings can't start: port ${port} of 127.0.0.1 (${variable}) is in use\n`);
    }
    taken.close();
  });
});

/** Resolves when a transaction waits for lock 42. */
async function waiting(): Promise<void> {
  const waiting = `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted`;
  await expect.poll(() => database.query(waiting)).toEqual([{ n: 1 }]);
}

/** Resolves when nothing listens at the address any more. */
async function refused(url: string): Promise<void> {
  const look = () =>
    fetch(url).then(
      () => 'open',
      () => 'refused',
    );
  await expect.poll(look).toBe('refused');
}
