import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { contract, type OnOrderReserved } from '@atlas/generated-workflow';
import { runMigrations } from '@atlas/runtime/migrate';
import { readOf, rows, slonikOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import {
  cloneDatabase,
  deployContracts,
  dropDatabase,
  mintToken,
  readStack,
  spawnService,
  type ServiceProcess,
} from '@atlas/stack';
import { pgApprovalStore as approvals } from '../src/adapters/pgApprovalStore.ts';
import { onOrderReserved } from '../src/app/onOrderReserved.ts';

/** PostgreSQL, appendix A. */
const INSUFFICIENT_PRIVILEGE = '42501';
const NAMESPACE = 'workflow-test.';
const DATABASE = `workflow_test_${process.pid}`;

const known = readStack();
if (!known) throw new Error('no stack is up: run `make up` first');
const stack = known;

let app: ReturnType<typeof slonikStore>;
let owner: ReturnType<typeof slonikStore>;
let service: ServiceProcess;

beforeAll(async () => {
  await deployContracts(stack, { namespace: NAMESPACE });
  const urls = await cloneDatabase(stack, contract.service, DATABASE, { template: 'template1', replace: true });
  const migrations = new URL('../migrations/', import.meta.url);
  await runMigrations({ contract, ownerUrl: urls.ownerUrl, migrations });
  app = slonikStore(urls.appUrl);
  owner = slonikStore(urls.ownerUrl, { maxConnections: 1 });
  const env = { DATABASE_URL: urls.appUrl };
  service = await spawnService(stack, contract.service, { namespace: NAMESPACE, name: DATABASE, env });
});
afterAll(async () => {
  await service.stop();
  await app.close();
  await owner.close();
  await dropDatabase(stack, DATABASE);
});
afterEach(() =>
  owner.transaction((session) =>
    slonikOf(txOf(session)).query(sql.unsafe`TRUNCATE approvals, atlas_outbox, atlas_sequence, atlas_idempotency`),
  ),
);

interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly roles?: readonly string[];
}

async function ask(method: 'GET' | 'POST', path: string, { body, headers = {}, roles = ['ops'] }: Asked = {}) {
  const response = await fetch(service.url + path, {
    method,
    headers: {
      authorization: `Bearer ${await mintToken(stack, { sub: 'ops-1', roles })}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const open = (key: string = randomUUID(), subject = 'first', roles: readonly string[] = ['ops']) =>
  ask('POST', '/v1/approvals', { body: { subject }, headers: { 'idempotency-key': key }, roles });

const close = (path: string, version: string) =>
  ask('POST', `${path}/close`, { headers: { 'idempotency-key': randomUUID(), 'if-match': version } });

async function opened(): Promise<string> {
  const { headers } = await open();
  return headers.get('location') ?? '';
}

interface Events {
  /** How many were sent so far. The relay deletes rows of the outbox, so their sequences are counted. */
  readonly sent: bigint;
  /** How many Kafka has not acknowledged yet. */
  readonly waiting: bigint;
}

const events = () =>
  app.read((session) =>
    slonikOf(readOf(session)).one(sql.prepared('test.events', rows<Events>())`
          SELECT (SELECT coalesce(sum(n), 0)::int8 FROM atlas_sequence) AS sent,
            (SELECT count(*) FROM atlas_outbox) AS waiting`),
  );

describe('openApproval', () => {
  it('stores it, answers with its Location, and sends one event', async () => {
    const answer = await open();
    expect(answer).toMatchObject({ status: 201, body: { subject: 'first', state: 'OPEN', openedBy: 'ops-1' } });
    expect(answer.headers.get('etag')).toBe('"1"');
    const read = await ask('GET', answer.headers.get('location') ?? '', { roles: ['admin'] });
    expect(read).toMatchObject({ status: 200, body: answer.body });
    await expect.poll(events).toEqual({ sent: 1n, waiting: 0n });
  });

  it('with one key sent twice gives the same answer twice, and one event', async () => {
    const first = await open('once');
    expect(await open('once')).toMatchObject({ status: 201, body: first.body });
    expect(await events()).toMatchObject({ sent: 1n });
  });

  it('is refused if the subject has one, also if both come at once', async () => {
    const answers = await Promise.all([open(), open()]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(await open()).toMatchObject({ status: 409, body: { code: 'approval-exists' } });
    expect(await events()).toMatchObject({ sent: 1n });
  });

  it.each([
    ['without a role', 403, 'forbidden-role', 'first', []],
    ['without a subject', 400, 'validation-failed', '', ['ops']],
  ] as const)('is refused %s', async (_what, status, code, subject, roles) => {
    expect(await open(randomUUID(), subject, roles)).toMatchObject({ status, body: { code } });
    expect(await events()).toMatchObject({ sent: 0n });
  });
});

describe('closeApproval', () => {
  it('closes it for good, and sends one event', async () => {
    const path = await opened();
    const closed = await close(path, '"1"');
    expect(closed).toMatchObject({ status: 200, body: { state: 'CLOSED' } });
    expect(closed.headers.get('etag')).toBe('"2"');
    expect(await ask('GET', path)).toMatchObject({ body: closed.body });
    expect(await close(path, '"2"')).toMatchObject({ status: 409, body: { code: 'approval-not-open' } });
    await expect.poll(events).toEqual({ sent: 2n, waiting: 0n });
  });

  it('with a stale version is refused, and changes nothing', async () => {
    const path = await opened();
    expect(await close(path, '"7"')).toMatchObject({ status: 412, body: { code: 'version-conflict' } });
    expect(await ask('GET', path)).toMatchObject({ body: { state: 'OPEN' } });
  });

  it('of one that is not there is refused', async () => {
    expect(await close(`/v1/approvals/${randomUUID()}`, '"1"')).toMatchObject({
      status: 404,
      body: { code: 'approval-not-found' },
    });
  });
});

const input: OnOrderReserved.Input = {
  data: {
    orderId: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e77',
    orderVersion: 1n,
    digest: 'text',
    total: {
      amountMinor: 1n,
      currency: 'text',
    },
    requesterId: 'text',
  },
  meta: {
    id: randomUUID(),
    type: 'atlas.orders.OrderReserved',
    source: 'orders',
    time: new Date(),
    correlationId: randomUUID(),
    causationId: undefined,
    sequence: 1n,
    actorId: 'ops-1',
    topic: 'atlas.orders.order.v1',
    partition: 0,
    offset: 0n,
    attempt: 1,
  },
  ctx: {
    now: new Date(),
    newId: () => randomUUID(),
    actor: { id: 'ops-1', roles: ['ops'] },
    correlationId: randomUUID(),
  },
};

describe('the event OrderReserved', () => {
  it('opens one for its subject, and is a no-op if there is one', async () => {
    const receive = () => app.transaction((session) => onOrderReserved({ approvals })(input, txOf(session)));
    expect(await receive()).toMatchObject({ events: [{ type: 'ApprovalOpened', data: { version: 1n } }] });
    expect(await receive()).toEqual({ events: [], noop: 'EXISTS' });
  });
});

describe('the database', () => {
  it.each([
    ['how one began', sql.unsafe`UPDATE approvals SET subject = ''`],
    ['that it exists', sql.unsafe`DELETE FROM approvals`],
  ])('does not let the role of the service change %s', async (_what, statement) => {
    await expect(app.transaction((session) => slonikOf(txOf(session)).query(statement))).rejects.toMatchObject({
      code: INSUFFICIENT_PRIVILEGE,
    });
  });
});
