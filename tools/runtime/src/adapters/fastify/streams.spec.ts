import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { recordingLog } from '../../../test/boxOffice.ts';
import { stubSessions, stubStore } from '../../../test/stubStore.ts';
import type { OperationContract } from '../../contract/operation.ts';
import type { LogFields } from '../../ports/log.ts';
import { systemClock } from '../clock/systemClock.ts';
import { promMetrics } from '../prom-client/promMetrics.ts';
import { createApp } from './app.ts';
import type { StreamLimits } from './streams.ts';

const report: OperationContract = {
  id: 'report',
  method: 'GET',
  url: '/report',
  path: '/report',
  security: [],
  params: [],
  responses: { 200: { kind: 'json', mediaType: 'application/json', texts: ['text/csv'], etag: true } },
};

const CSV = { headers: { accept: 'text/csv' } };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A service whose report is `lines` as text, or JSON. */
async function served(lines: () => AsyncIterable<string>, streams: Partial<StreamLimits> = {}) {
  const store = stubStore();
  const log: { level: string; message: string; fields: LogFields }[] = [];
  const metrics = promMetrics('reports');
  let sessions = 0;
  const app = await createApp({
    operations: [report],
    document: undefined,
    handlers: {
      report: async ({ accept }) =>
        accept === 'text/csv'
          ? { status: 200, version: 7n, mediaType: accept, body: lines() }
          : { status: 200, version: 7n, body: {} },
    },
    plumbing: {
      store: {
        ...store,
        read: async (work) => {
          sessions += 1;
          try {
            return await store.read(work);
          } finally {
            sessions -= 1;
          }
        },
      },
      clock: systemClock,
      messages: [],
      ...stubSessions,
      wake: () => {},
    },
    authenticator: { authenticate: async () => ({ id: 'kim', roles: [] }) },
    log: recordingLog(log),
    metrics,
    streams,
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  closing.push(() => app.close());
  return {
    url: `${address}/report`,
    /** How many sessions for reading are open. */
    sessions: () => sessions,
    log,
    /** How many answers broke off because of this reason. */
    broken: async (reason: string): Promise<number> => {
      const line = (await metrics.text())
        .split('\n')
        .find((one) => one.startsWith('atlas_http_broken_streams_total') && one.includes(`reason="${reason}"`));
      return Number(line?.split(' ').at(-1) ?? 0);
    },
  };
}

/** A connection that sends one request and reads nothing by itself. */
async function rawRequest(url: string, version: string): Promise<Socket> {
  const { port, pathname } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  closing.push(async () => void socket.destroy());
  await once(socket, 'connect');
  socket.write(`GET ${pathname} HTTP/${version}\r\nHost: a\r\nAccept: text/csv\r\n\r\n`);
  return socket;
}

describe('an answer that is made while it is sent', () => {
  it('comes piece by piece, with the session open until its end', async () => {
    const more = Promise.withResolvers<void>();
    const service = await served(async function* () {
      yield 'day,cents\r\n';
      await more.promise;
      yield '';
      yield '2026-11-26,5 \u20ac\r\n';
    });
    const answer = await fetch(service.url, CSV);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      etag: '"7-csv"',
      vary: 'accept',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('day,cents\r\n');
    expect(service.sessions()).toBe(1);
    more.resolve();
    expect((await reader?.read())?.value).toBe('2026-11-26,5 \u20ac\r\n');
    expect((await reader?.read())?.done).toBe(true);
    await expect.poll(service.sessions).toBe(0);
    await expect.poll(() => service.log.at(-1)).toMatchObject({ level: 'debug', message: 'answered' });
  });

  it('may be empty', async () => {
    const service = await served(async function* () {});
    const answer = await fetch(service.url, CSV);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('counts as whole if its client leaves after its end', async () => {
    const service = await served(async function* () {
      yield 'day,cents\r\n';
    });
    expect(await (await fetch(service.url, CSV)).text()).toBe('day,cents\r\n');
    const socket = await rawRequest(service.url, '1.0');
    expect(await text(socket)).toContain('day,cents');
    await expect.poll(() => service.log.filter(({ message }) => message === 'answered')).toHaveLength(2);
    expect(service.log.filter(({ level }) => level === 'warn')).toEqual([]);
    expect(await service.broken('client-gone')).toBe(0);
  });

  it('is made no faster than its client reads', async () => {
    let made = 0;
    const pieces = 1_000;
    const service = await served(async function* () {
      for (; made < pieces; made++) yield 'x'.repeat(65_536);
    });
    const socket = await rawRequest(service.url, '1.1');
    await once(socket, 'readable');
    // without a wait for its client, it would be ready before another request gets its turn
    for (let count = 0; count < 5; count++) await fetch(service.url);
    expect(made).toBeLessThan(pieces / 2);
    socket.resume();
    await expect.poll(() => made).toBe(pieces);
  });

  it('ends with its client: the handler learns of it, and the session is released', async () => {
    let isTold = false;
    const service = await served(async function* () {
      try {
        for (;;) yield 'x'.repeat(65_536);
      } finally {
        isTold = true;
      }
    });
    const socket = await rawRequest(service.url, '1.1');
    await once(socket, 'readable');
    socket.destroy();
    await expect.poll(() => isTold).toBe(true);
    await expect.poll(service.sessions).toBe(0);
    expect(await service.broken('client-gone')).toBe(1);
    expect(service.log).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ reason: 'client-gone' }) }),
    );
  });

  it.each(['1.1', '1.0'])('breaks the connection if its handler fails in the middle, over HTTP/%s', async (version) => {
    const service = await served(async function* () {
      yield 'day,cents\r\n';
      throw new Error('no more days');
    });
    const socket = await rawRequest(service.url, version);
    // neither the last chunk nor a normal end of the connection, which would look like the end of the answer
    await expect(text(socket)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect.poll(service.sessions).toBe(0);
    expect(await service.broken('failed')).toBe(1);
    expect(service.log).toContainEqual(
      expect.objectContaining({
        level: 'error',
        fields: expect.objectContaining({ operation: 'report', err: new Error('no more days') }),
      }),
    );
  });

  it('breaks off if the handler gives something other than text', async () => {
    const service = await served(() => ({
      async *[Symbol.asyncIterator]() {
        yield JSON.parse('5');
      },
    }));
    await expect(fetch(service.url, CSV).then((answer) => answer.text())).rejects.toThrow(/terminated|fetch failed/);
    expect(await service.broken('failed')).toBe(1);
  });

  it('is a problem if its handler fails before the first text', async () => {
    const service = await served(async function* () {
      yield* [];
      throw new Error('no day');
    });
    const answer = await fetch(service.url, CSV);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: 'internal' });
    expect(service.log).toContainEqual(expect.objectContaining({ level: 'error', message: 'operation failed' }));
  });

  it('ends if its handler makes no more text', async () => {
    const never = Promise.withResolvers<void>();
    const service = await served(
      async function* () {
        yield 'day,cents\r\n';
        await never.promise;
      },
      { patienceMs: 50 },
    );
    const answer = await fetch(service.url, CSV);
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(await service.broken('too-long')).toBe(1);
    never.resolve();
    await expect.poll(service.sessions).toBe(0);
  });

  it('arrives whole if it goes on, however long that takes', async () => {
    const patienceMs = 1_000;
    const began = performance.now();
    const service = await served(
      async function* () {
        while (performance.now() - began < 2 * patienceMs) {
          yield 'x';
          await sleep(50);
        }
        yield 'end';
      },
      { patienceMs },
    );
    const answer = await fetch(service.url, CSV);
    expect(await answer.text()).toMatch(/^x+end$/);
    expect(performance.now() - began).toBeGreaterThan(patienceMs);
  });

  it('ends if its client stops reading, and the session is released', async () => {
    const service = await served(
      async function* () {
        for (;;) yield 'x'.repeat(65_536);
      },
      { patienceMs: 50 },
    );
    const socket = await rawRequest(service.url, '1.1');
    await once(socket, 'readable');
    await expect.poll(() => service.broken('too-slow')).toBe(1);
    await expect.poll(service.sessions).toBe(0);
  });

  it('is a problem if the time is over before its first text', async () => {
    const late = Promise.withResolvers<void>();
    const service = await served(
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            await late.promise;
            return { done: true, value: undefined };
          },
          return: async () => {
            late.resolve();
            return { done: true, value: undefined };
          },
        }),
      }),
      { patienceMs: 50 },
    );
    const answer = await fetch(service.url, CSV);
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'unavailable' })]);
    await expect.poll(service.sessions).toBe(0);
  });

  it('is refused if too many are being sent', async () => {
    const more = Promise.withResolvers<void>();
    let told = 0;
    const service = await served(
      () => ({
        [Symbol.asyncIterator]: () => {
          const pieces = ['day,cents\r\n'];
          return {
            next: async () => {
              const value = pieces.pop();
              if (value !== undefined) return { value };
              await more.promise;
              return { done: true, value: undefined };
            },
            return: async () => {
              told += 1;
              return { done: true, value: undefined };
            },
          };
        },
      }),
      { most: 1 },
    );
    const first = await fetch(service.url, CSV);
    const second = await fetch(service.url, CSV);
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await second.json()).toMatchObject({ code: 'busy' });
    expect([told, service.sessions()]).toEqual([1, 1]);
    expect((await fetch(service.url)).status).toBe(200);
    more.resolve();
    expect(await first.text()).toBe('day,cents\r\n');
    expect((await fetch(service.url, CSV)).status).toBe(200);
  });

  it.each([
    ['HEAD', { method: 'HEAD', ...CSV }, 200],
    ['a client that has it already', { headers: { ...CSV.headers, 'if-none-match': '"7-csv"' } }, 304],
  ])('is not made for %s', async (_, request, status) => {
    const seen: string[] = [];
    const service = await served(() => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          seen.push('next');
          return { done: true, value: undefined };
        },
        return: async () => {
          seen.push('return');
          return { done: true, value: undefined };
        },
      }),
    }));
    const answer = await fetch(service.url, request);
    expect([answer.status, answer.headers.get('etag'), answer.headers.get('vary')]).toEqual([
      status,
      '"7-csv"',
      'accept',
    ]);
    expect(answer.headers.has('content-length')).toBe(false);
    expect(seen).toEqual(['return']);
    await expect.poll(service.sessions).toBe(0);
  });
});
