import { code, ident, lit, pascal, type Code } from '@atlas/ir';
import { handlerOf } from './app.ts';
import { sampleData } from './sampleData.ts';
import { spellings, type NewService, type ReadMessage } from './newService.ts';

/** The service on the real stack: its API, the events that it sends and receives, and its database. */
export function intSpec(service: NewService): Code {
  const { packageName, one, many, reads } = service;
  const { Pascal, kebab } = one;
  const database = spellings(service.name).snake.text.slice(0, 40);
  return code`
    import { randomUUID } from 'node:crypto';
    import { sql } from 'slonik';
    import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
    import { contract${reads && code`, type ${ident(pascal(handlerOf(reads.message.name)))}`} } from ${packageName};
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
    ${
      reads &&
      code`import { pg${Pascal}Store as ${many.camel} } from '../src/adapters/pg${Pascal}Store.ts';
    import { ${ident(handlerOf(reads.message.name))} } from '../src/app/${ident(handlerOf(reads.message.name))}.ts';`
    }

    /** PostgreSQL, appendix A. */
    const INSUFFICIENT_PRIVILEGE = '42501';
    const NAMESPACE = ${lit(`${service.name}-test.`)};
    const DATABASE = \`${ident(database)}_test_\${process.pid}\`;

    const known = readStack();
    if (!known) throw new Error('no stack is up: run \`make up\` first');
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
        slonikOf(txOf(session)).query(sql.unsafe\`TRUNCATE ${many.snake}, atlas_outbox, atlas_sequence, atlas_idempotency\`),
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
          authorization: \`Bearer \${await mintToken(stack, { sub: 'ops-1', roles })}\`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    }

    const open = (key: string = randomUUID(), subject = 'first', roles: readonly string[] = ['ops']) =>
      ask('POST', '/v1/${many.kebab}', { body: { subject }, headers: { 'idempotency-key': key }, roles });

    const close = (path: string, version: string) =>
      ask('POST', \`\${path}/close\`, { headers: { 'idempotency-key': randomUUID(), 'if-match': version } });

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
        slonikOf(readOf(session)).one(sql.prepared('test.events', rows<Events>())\`
          SELECT (SELECT coalesce(sum(n), 0)::int8 FROM atlas_sequence) AS sent,
            (SELECT count(*) FROM atlas_outbox) AS waiting\`),
      );

    describe('open${Pascal}', () => {
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

      it('is refused if the subject already has one, also if two requests come at once', async () => {
        const answers = await Promise.all([open(), open()]);
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
        expect(await open()).toMatchObject({ status: 409, body: { code: '${kebab}-exists' } });
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

    describe('close${Pascal}', () => {
      it('closes it for good, and sends one event', async () => {
        const path = await opened();
        const closed = await close(path, '"1"');
        expect(closed).toMatchObject({ status: 200, body: { state: 'CLOSED' } });
        expect(closed.headers.get('etag')).toBe('"2"');
        expect(await ask('GET', path)).toMatchObject({ body: closed.body });
        expect(await close(path, '"2"')).toMatchObject({ status: 409, body: { code: '${kebab}-not-open' } });
        await expect.poll(events).toEqual({ sent: 2n, waiting: 0n });
      });

      it('with a stale version is refused, and changes nothing', async () => {
        const path = await opened();
        expect(await close(path, '"7"')).toMatchObject({ status: 412, body: { code: 'version-conflict' } });
        expect(await ask('GET', path)).toMatchObject({ body: { state: 'OPEN' } });
      });

      it('of one that does not exist is refused', async () => {
        expect(await close(\`/v1/${many.kebab}/\${randomUUID()}\`, '"1"')).toMatchObject({
          status: 404,
          body: { code: '${kebab}-not-found' },
        });
      });
    });
    ${reads && consumerTests(service, reads)}

    describe('the database', () => {
      it.each([
        ['how it was opened', sql.unsafe\`UPDATE ${many.snake} SET subject = ''\`],
        ['whether it exists', sql.unsafe\`DELETE FROM ${many.snake}\`],
      ])('does not let the role of the service change %s', async (_what, statement) => {
        await expect(app.transaction((session) => slonikOf(txOf(session)).query(statement))).rejects.toMatchObject({
          code: INSUFFICIENT_PRIVILEGE,
        });
      });
    });
  `;
}

function consumerTests({ one, many }: NewService, { message }: ReadMessage): Code {
  const on = ident(handlerOf(message.name));
  const On = ident(pascal(handlerOf(message.name)));
  return code`

    const input: ${On}.Input = {
      data: ${sampleData(message.avro)},
      meta: {
        id: randomUUID(),
        type: ${lit(message.recordName)},
        source: ${lit(message.owner)},
        time: new Date(),
        correlationId: randomUUID(),
        causationId: undefined,
        sequence: 1n,
        actorId: 'ops-1',
        topic: ${lit(message.topic)},
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

    describe('the event ${ident(message.name)}', () => {
      it('opens one for its subject, and is a no-op if there is one', async () => {
        const receive = () => app.transaction((session) => ${on}({ ${many.camel} })(input, txOf(session)));
        expect(await receive()).toMatchObject({ events: [{ type: '${one.Pascal}Opened', data: { version: 1n } }] });
        expect(await receive()).toEqual({ events: [], noop: 'EXISTS' });
      });
    });
  `;
}
