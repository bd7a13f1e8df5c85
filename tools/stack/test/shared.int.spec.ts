import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  cloneDatabase,
  dropDatabase,
  grantAcls,
  migratedTemplate,
  mintToken,
  readStack,
  serviceEnvironment,
  type StackInfo,
  throughSocket,
} from '../src/index.ts';
import { isRecord, parseJson } from '../src/json.ts';
import { withAdmin } from '../src/kafka/admin.ts';
import { layoutOf } from '../src/layout.ts';
import { urlOfDatabase, withClient } from '../src/postgres/client.ts';

const found = readStack();
if (found === undefined) throw new Error('no stack: run `make up` first');
const info: StackInfo = found;
// Random, because a killed run leaves its template behind.
const own = `t${randomBytes(4).toString('hex')}`;

describe('a database', () => {
  const names = [`${own}_one`, `${own}_two`];
  let template = '';
  let migrations = 0;
  const migrate = (ownerUrl: string): Promise<void> => {
    migrations += 1;
    return statement(
      ownerUrl,
      'CREATE SCHEMA box; CREATE TABLE box.seat (id bigint GENERATED ALWAYS AS IDENTITY, name text)',
    );
  };
  afterAll(async () => {
    for (const name of [...names, template].filter(Boolean)) await dropDatabase(info, name);
  });

  it('that is a template is made once, no matter how many callers ask for it', async () => {
    const asked = Array.from({ length: 4 }, () => migratedTemplate(info, 'bookings', own, migrate));
    template = new Set(await Promise.all(asked)).values().next().value ?? '';
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    expect(migrations).toBe(1);
  });

  it('that is a clone has rows of its own: the app role writes them, the owner defines the tables', async () => {
    const urls = await Promise.all(names.map((name) => cloneDatabase(info, 'bookings', name, { template })));
    for (const { appUrl, ownerUrl } of urls) {
      await statement(
        appUrl,
        "INSERT INTO box.seat (name) VALUES ('A1'); UPDATE box.seat SET name = 'A2'; DELETE FROM box.seat",
      );
      await expect(statement(appUrl, 'CREATE TABLE box.row (id int)')).rejects.toThrow(/permission denied/);
      await expect(statement(appUrl, 'CREATE TABLE row (id int)')).rejects.toThrow(/permission denied/);
      await expect(statement(appUrl, 'TRUNCATE box.seat')).rejects.toThrow(/permission denied/);
      await expect(statement(appUrl, 'DROP TABLE box.seat')).rejects.toThrow(/must be owner/);
      await statement(ownerUrl, 'CREATE TABLE later (id int)');
      await statement(appUrl, 'INSERT INTO later VALUES (1)');
    }
  });

  it('refuses the roles of other services', async () => {
    const other = info.postgres.services['offices'];
    if (other === undefined) throw new Error('the stack lacks its test services');
    for (const name of [names[0] ?? '', 'bookings', 'postgres']) {
      await expect(statement(urlOfDatabase(other.appUrl, name), 'SELECT 1')).rejects.toThrow(
        /permission denied for database/,
      );
    }
  });

  it('that is in use cannot be cloned, and the error says so', async () => {
    const busy = urlOfDatabase(info.postgres.adminUrl, template);
    const clone = withClient(busy, () => cloneDatabase(info, 'bookings', `${own}_three`, { template }));
    await expect(clone).rejects.toThrow(/somebody is connected to/);
  });
});

// An external server may run on another machine.
describe.skipIf(info.postgres.socketFolder === undefined)('the socket of Postgres', () => {
  const folder = info.postgres.socketFolder ?? '';
  const { appUrl = '', ownerUrl = '' } = info.postgres.services['bookings'] ?? {};

  it('has a folder that no other user can enter', () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it.each([appUrl, ownerUrl])('takes the passwords and roles of TCP: %#', async (url) => {
    const address = new URL(throughSocket(info, url));
    const { rows } = await withClient(address.href, (client) =>
      client.query('SELECT inet_server_addr() AS server, current_user AS role'),
    );
    expect(rows).toEqual([{ server: null, role: address.username }]);
    address.password = 'wrong';
    await expect(statement(address.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    address.password = '';
    await expect(statement(address.href, 'SELECT 1')).rejects.toThrow(/password/);
    const elsewhere = throughSocket(info, urlOfDatabase(url, 'offices'));
    await expect(statement(elsewhere, 'SELECT 1')).rejects.toThrow(/permission denied for database/);
  });

  it('does not let the app role define tables', async () => {
    await expect(statement(throughSocket(info, appUrl), 'CREATE TABLE row (id int)')).rejects.toThrow(
      /permission denied/,
    );
  });
});

// On an external broker all services are its admin, because users of PLAIN cannot be created there.
const ownBroker = process.env['ATLAS_KAFKA_BROKERS'] === undefined;

describe.skipIf(!ownBroker)('Kafka', () => {
  const topic = 'atlas.bookings.seat.v1';
  const namespace = `${own}.`;
  const catalog = {
    services: [{ name: 'bookings', dlqTopic: 'atlas.bookings.dlq.v1' }, { name: 'offices' }],
    topics: [{ name: topic, owner: 'bookings', readers: ['offices'] }],
  };
  const topics = [topic, 'atlas.bookings.dlq.v1'].map((name) => `${namespace}${name}`);
  beforeAll(() =>
    withAdmin(info.kafka.brokers, info.kafka.admin, async (admin) => {
      await admin.createTopics({
        topics: topics.map((name) => ({ topic: name, numPartitions: 1 })),
        waitForLeaders: false,
      });
      // kafkajs's own wait fails if the broker does not know a topic yet.
      await vi.waitFor(() => admin.fetchTopicMetadata({ topics }), 60_000);
    }),
  );
  afterAll(() =>
    withAdmin(info.kafka.brokers, info.kafka.admin, async (admin) => {
      await admin.deleteTopics({ topics });
      const { LITERAL } = kafkajs.ResourcePatternTypes;
      const anything = { operation: kafkajs.AclOperationTypes.ANY, permissionType: kafkajs.AclPermissionTypes.ANY };
      const names = [...topics, `${namespace}bookings`, `${namespace}offices`];
      const resourceType = kafkajs.AclResourceTypes.ANY;
      await admin.deleteAcls({
        filters: names.map((resourceName) => ({
          ...anything,
          resourceType,
          resourceName,
          resourcePatternType: LITERAL,
        })),
      });
    }),
  );

  it('refuses everything that is not granted, and accepts the same grant twice', async () => {
    await expect(send('bookings', topics[0] ?? '')).rejects.toThrow(/not authorized|authorization failed/i);
    await grantAcls(info, { catalog, namespace });
    await grantAcls(info, { catalog, namespace });
    // A right is effective only once the broker has learned of it from its controller.
    await expect.poll(() => send('bookings', topics[0] ?? '').then(() => 'sent')).toBe('sent');
    await expect.poll(() => send('bookings', topics[1] ?? '').then(() => 'sent')).toBe('sent');
  });

  it('allows a reader to read its topics, but neither to write them nor to read others', async () => {
    expect(await readOne('offices', topics[0] ?? '')).toBe('seat');
    await expect(send('offices', topics[0] ?? '')).rejects.toThrow(/not authorized|authorization failed/i);
    await expect(readOne('offices', topics[1] ?? '')).rejects.toThrow(/not authorized|authorization failed/i);
  });

  it('refuses a wrong password', async () => {
    const stranger = { username: 'bookings', password: 'wrong' };
    await expect(withAdmin(info.kafka.brokers, stranger, (admin) => admin.listTopics())).rejects.toThrow(
      /authentication failed/i,
    );
  });

  function clientOf(service: string): kafkajs.Kafka {
    const user = info.kafka.users[service];
    if (user === undefined) throw new Error(`no user for ${service}`);
    return new kafkajs.Kafka({
      brokers: [...info.kafka.brokers],
      ssl: false,
      sasl: { mechanism: 'plain', ...user },
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { retries: 5, initialRetryTime: 100 },
    });
  }

  async function send(service: string, to: string): Promise<void> {
    const producer = clientOf(service).producer({ idempotent: true, allowAutoTopicCreation: false });
    await producer.connect();
    try {
      await producer.send({ topic: to, messages: [{ value: 'seat' }] });
    } finally {
      await producer.disconnect();
    }
  }

  async function readOne(service: string, from: string): Promise<string> {
    const consumer = clientOf(service).consumer({
      groupId: `${namespace}${service}`,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
    });
    await consumer.connect();
    try {
      await consumer.subscribe({ topic: from, fromBeginning: true });
      return await new Promise<string>((resolve, reject) => {
        consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
        consumer.run({ eachMessage: ({ message }) => Promise.resolve(resolve(String(message.value))) }).catch(reject);
      });
    } finally {
      await consumer.disconnect();
    }
  }
});

describe('a stack', () => {
  it('issues tokens that the key set verifies, with roles in the claim that Keycloak uses', async () => {
    const jwks = parseJson(readFileSync(info.auth.jwksFile, 'utf8'));
    if (!isKeySet(jwks)) throw new Error('no key set');
    const token = await mintToken(info, { sub: 'ada', roles: ['ops'] });
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
      issuer: info.auth.issuer,
      audience: 'bookings',
      algorithms: ['ES256'],
    });
    expect(payload).toMatchObject({ sub: 'ada', realm_access: { roles: ['ops'] } });
    expect(JSON.stringify(jwks)).not.toContain('"d"');
    const stale = await mintToken(info, { sub: 'ada', roles: [], expiresIn: '-1s' });
    await expect(jwtVerify(stale, createLocalJWKSet(jwks))).rejects.toThrow(/exp/);
  });

  it('has a registry that refuses schemas which cannot read events of every earlier version', async () => {
    const answer = await fetch(`${info.registry.url}/config`);
    expect(await answer.json()).toMatchObject({ compatibilityLevel: 'BACKWARD_TRANSITIVE' });
  });

  it('gives the environment of a service, and names its services if asked for another one', () => {
    expect(serviceEnvironment(info, 'bookings')).toMatchObject({
      DATABASE_URL: throughSocket(info, info.postgres.services['bookings']?.appUrl ?? ''),
      KAFKA_USERNAME: ownBroker ? 'bookings' : info.kafka.admin.username,
      SCHEMA_REGISTRY_URL: info.registry.url,
    });
    expect(() => serviceEnvironment(info, 'nobody')).toThrow(/no service "nobody" \(it has: .*bookings/);
  });

  it.skipIf(process.env['ATLAS_POSTGRES_URL'] !== undefined)(
    'keeps its passwords out of logs and out of files that other users can read',
    () => {
      const { infoFile, stateFile, logs } = layoutOf();
      for (const file of [infoFile, stateFile, info.auth.privateJwkFile]) expect(statSync(file).mode & 0o077).toBe(0);
      const state = parseJson(readFileSync(stateFile, 'utf8'));
      const secrets = isRecord(state) && isRecord(state['secrets']) ? Object.values(state['secrets']) : [];
      expect(secrets.length).toBeGreaterThan(8);
      for (const log of readdirSync(logs)) {
        const text = readFileSync(join(logs, log), 'utf8');
        expect(
          secrets.filter((secret) => typeof secret === 'string' && text.includes(secret)),
          log,
        ).toEqual([]);
      }
    },
  );
});

async function statement(url: string, text: string): Promise<void> {
  await withClient(url, (client) => client.query(text));
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return isRecord(value) && Array.isArray(value['keys']);
}
