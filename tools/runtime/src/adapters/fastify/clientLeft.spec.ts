import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { recordingLog } from '../../../test/boxOffice.ts';
import { stubSessions, stubStore } from '../../../test/stubStore.ts';
import type { ReadCtx } from '../../contract/handler.ts';
import type { OperationContract } from '../../contract/operation.ts';
import type { LogFields } from '../../ports/log.ts';
import { systemClock } from '../clock/systemClock.ts';
import { promMetrics } from '../prom-client/promMetrics.ts';
import { createApp } from './app.ts';

const READ: OperationContract = {
  id: 'wait',
  method: 'GET',
  url: '/wait',
  path: '/wait',
  security: [],
  params: [],
  responses: { 200: { kind: 'json', mediaType: 'application/json' } },
};
const LONG_MS = 600_000;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A service with one read, which runs `work` with its signal. */
async function served(work: (signal: AbortSignal) => Promise<unknown>) {
  const log: { level: string; message: string; fields: LogFields }[] = [];
  const began = Promise.withResolvers<AbortSignal>();
  const app = await createApp({
    operations: [READ],
    document: undefined,
    handlers: {
      wait: async ({ ctx }) => {
        // cast: the contract gives a handler of a read its signal
        const { signal } = ctx as ReadCtx;
        began.resolve(signal);
        return { status: 200, body: { waited: await work(signal) } };
      },
    },
    plumbing: { store: stubStore(), clock: systemClock, messages: [], ...stubSessions, wake: () => {} },
    authenticator: { authenticate: async () => ({ id: 'kim', roles: [] }) },
    log: recordingLog(log),
    metrics: promMetrics('waiting'),
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  closing.push(() => app.close());
  return { url, log, began: began.promise };
}

/** Sends a request, and leaves when the handler has begun. */
async function leave({ url, began }: Awaited<ReturnType<typeof served>>): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n');
  await began;
  socket.destroy();
}

describe('a read whose client leaves', () => {
  it.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['waits with the signal', (signal) => sleep(LONG_MS, undefined, { signal })],
    [
      'waits by a clock, and throws the reason',
      async (signal) => {
        await systemClock.sleep(LONG_MS, signal);
        signal.throwIfAborted();
      },
    ],
  ])('ends at once if it %s, which is not a failure', async (_how, work) => {
    const service = await served(work);
    await leave(service);
    await expect.poll(() => service.log).toHaveLength(1);
    expect(service.log).toMatchObject([
      { level: 'info', message: 'answered', fields: { operation: 'wait', status: 400 } },
    ]);
  });

  it('may go on nevertheless', async () => {
    const left = Promise.withResolvers<void>();
    const service = await served(() => left.promise);
    await leave(service);
    const signal = await service.began;
    await expect.poll(() => signal.aborted).toBe(true);
    left.resolve();
    await expect.poll(() => service.log).toMatchObject([{ message: 'answered', fields: { status: 200 } }]);
  });

  it('gets no signal if the client stays until the answer', async () => {
    const service = await served(async () => 'a moment');
    const answer = await fetch(`${service.url}/wait`, { headers: { connection: 'close' } });
    expect(await answer.json()).toEqual({ waited: 'a moment' });
    await expect.poll(() => service.log).toHaveLength(1);
    expect((await service.began).aborted).toBe(false);
  });
});
