import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scene, type Scene } from './scene.ts';
import { json, upstreamServer } from './upstreamServer.ts';

let here: Scene;
let clerk: string;
let boss: string;

beforeAll(async () => {
  here = await scene();
  clerk = await here.bearer('kim');
  boss = await here.bearer('lee', ['clerk', 'manager']);
});
afterAll(() => here.stop());
beforeEach(() => {
  here.tickets.got.length = 0;
  here.tickets.early = undefined;
  here.tickets.answer = (_got, response) => json(response, 200, {});
});

const read = () => here.ask('/v1/tickets/7', { headers: { authorization: clerk } });
const book = () =>
  here.ask('/v1/tickets', {
    method: 'POST',
    headers: { authorization: clerk, 'content-type': 'application/json' },
    body: '{}',
  });

describe('a service that', () => {
  it('breaks the connection gets the request again if it is a read, and only then', async () => {
    let calls = 0;
    here.tickets.answer = (_got, response) => {
      calls += 1;
      if (calls % 2 === 1) response.destroy();
      else json(response, 200, { calls });
    };
    const answer = await read();
    expect([answer.status, await answer.json()]).toEqual([200, { calls: 2 }]);
    const command = await book();
    expect(command.status).toBe(503);
    expect(await command.json()).toMatchObject({ code: 'outcome-unknown' });
    expect(command.headers.get('retry-after')).toBe('1');
    expect(calls).toBe(3);
  });

  it('is slow gets the time of its operation, and no more', async () => {
    here.tickets.answer = () => {};
    const answer = await here.ask('/v1/tickets/7/void', { method: 'POST', headers: { authorization: boss } });
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'outcome-unknown' })]);
    const reading = await here.ask('/v1/my/tickets', { headers: { authorization: clerk } });
    expect([reading.status, await reading.json()]).toEqual([503, expect.objectContaining({ code: 'unavailable' })]);
    expect(here.tickets.got).toHaveLength(2);
  });

  it('dies in the middle of an answer gives the client a broken answer, not a short one', async () => {
    for (const head of [{ 'content-length': '100' }, {}]) {
      here.tickets.answer = (_got, response) => {
        response.writeHead(200, head).write('half');
        setImmediate(() => response.destroy());
      };
      const answer = await read();
      expect(answer.status).toBe(200);
      await expect(answer.text()).rejects.toThrow('terminated');
    }
    await expect.poll(() => here.lines).toContainEqual(expect.objectContaining({ message: 'the answer broke off' }));
  });

  it('answers before it has the whole body has its answer passed on', async () => {
    here.tickets.early = (_request, response) => json(response, 409, { code: 'taken' });
    const body = new Blob(['1'.repeat(900_000)]).stream();
    const headers = { authorization: clerk, 'content-type': 'application/json' };
    const answer = await here.ask('/v1/tickets', { method: 'POST', headers, body, duplex: 'half' });
    expect([answer.status, await answer.json()]).toEqual([409, { code: 'taken' }]);
  });
});

describe('a client that leaves', () => {
  it('before the answer ends the request to the service', async () => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const { promise: came, resolve: arrived } = Promise.withResolvers<void>();
    here.tickets.answer = (_got, response) => {
      response.once('close', resolve);
      arrived();
    };
    const leaving = new AbortController();
    const asked = here.ask('/v1/tickets/7', { headers: { authorization: clerk }, signal: leaving.signal });
    await came;
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await left;
    await expect.poll(() => here.lines.at(-1)?.fields).toMatchObject({ status: 499 });
  });

  it('in the middle of its body ends the request to the service', async () => {
    const { promise: left, resolve } = Promise.withResolvers<string | undefined>();
    here.tickets.early = (incoming) => {
      incoming.on('data', () => sending.destroy());
      incoming.once('error', (error) => resolve(error.message));
    };
    const sending = request(`${here.gateway.url}/v1/tickets`, {
      method: 'PUT',
      headers: { authorization: boss, 'content-type': 'text/csv', 'content-length': '1000000' },
    });
    sending.on('error', () => {});
    sending.write('a'.repeat(100_000));
    expect(await left).toBe('aborted');
  });
});

describe('streams', () => {
  it('hold neither a large body nor a large answer in memory', async () => {
    const size = 160 * 1024 * 1024;
    const piece = Buffer.alloc(1024 * 1024, 'a');
    let received = 0;
    let answered = 0;
    /** The most bytes that one end had sent and the other had not yet received. */
    let underWay = 0;
    here.tickets.early = (incoming, response) => {
      incoming.on('data', (chunk: Buffer) => (received += chunk.length));
      incoming.on('end', () => {
        response.writeHead(200, { 'content-length': String(size) });
        let sent = 0;
        const more = (): void => {
          while (sent < size) {
            sent += piece.length;
            const isTaken = response.write(piece);
            underWay = Math.max(underWay, sent - answered);
            if (!isTaken) return void response.once('drain', more);
          }
          response.end();
        };
        more();
      });
    };
    const sending = request(`${here.gateway.url}/v1/tickets`, {
      method: 'PUT',
      headers: { authorization: boss, 'content-type': 'text/csv', 'transfer-encoding': 'chunked' },
    });
    for (let sent = piece.length; sent <= size; sent += piece.length) {
      const isTaken = sending.write(piece);
      underWay = Math.max(underWay, sent - received);
      if (!isTaken) await once(sending, 'drain');
    }
    sending.end();
    const [answer] = await once(sending, 'response');
    for await (const chunk of answer) answered += chunk.length;
    expect([received, answered]).toEqual([size, size]);
    // the buffers of two connections and of the gateway; each of the two bodies has 160 MiB
    expect(underWay / 1024 / 1024).toBeLessThan(64);
  });
});

describe('a client that does not read', () => {
  it('stops the service from sending', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'a');
    let sent = 0;
    here.tickets.early = (_incoming, response) => {
      const more = (): void => {
        if (sent === 200) return void response.end();
        sent += 1;
        if (response.write(piece)) more();
        else response.once('drain', more);
      };
      more();
    };
    const asking = request(`${here.gateway.url}/v1/tickets/7`, { headers: { authorization: clerk } }).end();
    const [answer] = await once(asking, 'response');
    let before = -1;
    const isStill = (): boolean => before === (before = sent);
    await expect.poll(isStill, { interval: 500 }).toBe(true);
    expect(sent).toBeLessThan(150);
    answer.destroy();
  });
});

describe('a service that is down', () => {
  it('has routes that answer 503 until it is back, while the others go on', async () => {
    const { tickets } = here;
    const port = Number(new URL(tickets.url).port);
    const other = () => here.ask('/v1/shows', { headers: { authorization: clerk } });
    await tickets.close();
    for (let call = 0; call < 4; call++) {
      const answer = await book();
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'unavailable' });
      expect(answer.headers.get('retry-after')).toBe('5');
      expect((await other()).status).toBe(200);
    }
    const ready = await fetch(`${here.gateway.adminUrl}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      expect.objectContaining({
        checks: expect.arrayContaining([expect.objectContaining({ name: 'tickets', ok: true })]),
      }),
    ]);
    await read();
    expect(await (await fetch(`${here.gateway.adminUrl}/metrics`)).text()).toMatch(
      /circuit_open\{upstream="tickets".*\} 1/,
    );
    const back = await upstreamServer(port);
    // no request is sent while the circuit is open
    expect((await book()).status).toBe(503);
    expect(back.got).toEqual([]);
    await expect.poll(async () => (await read()).status, { interval: 250 }).toBe(200);
    await back.close();
  });
});

describe('a slow client', () => {
  it('does not keep a connection to the service while it sends a small body', async () => {
    const socket = connect(Number(new URL(here.gateway.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: ${clerk}\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{`,
    );
    await here.ask('/v1/shows', { headers: { authorization: clerk } });
    expect(here.tickets.got).toEqual([]);
    socket.destroy();
  });
});
