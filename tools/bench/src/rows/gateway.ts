import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { contract } from '@atlas/generated-gateway';
import { mintToken, readStack, spawnGateway } from '@atlas/stack';
import { interleave } from '../measure.ts';
import { startClient } from '../route/cost.ts';
import type { Shot } from '../route/load.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 9;
const LOAD = { connections: 16, milliseconds: 1_500 };
const ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11';

/** The gateway as operators run it, against @fastify/http-proxy with nothing but the same headers of the answer. */
export const gatewayRow: Row = {
  id: 'gateway',
  about: 'a request through the gateway, against @fastify/http-proxy alone with the same headers',
  needsStack: true,
  run: async (measuring) => {
    const info = readStack();
    if (info === undefined) throw new NotMeasurable('no stack is up');
    const service = child(new URL('../gateway/service.ts', import.meta.url));
    const client = startClient();
    try {
      const upstream = `http://127.0.0.1:${await numberOf(service, 'port')}`;
      const names = [...new Set(contract.routes.map((route) => route.service))];
      const gateway = await spawnGateway(info, {
        services: Object.fromEntries(names.map((name) => [name, upstream])),
        name: 'bench-gateway',
        env: { GATEWAY_LIMIT_READ: '99999', GATEWAY_LIMIT_WRITE: '99999', GATEWAY_LIMIT_WINDOW_SECONDS: '1' },
      });
      try {
        const shots = await shotsOf(await mintToken(info, { sub: 'bench', roles: ['ops'] }));
        const proxy = child(new URL('../gateway/bareProxy.ts', import.meta.url), [
          upstream,
          JSON.stringify(await headersOf(gateway.url, shots)),
        ]);
        const url = `http://127.0.0.1:${await numberOf(proxy, 'port')}`;
        const measured = [];
        for (const { title, shot } of shots) {
          const comparison = await interleave(
            {
              name: 'gateway',
              run: () =>
                perRequest(
                  () => cpuOf(gateway.adminUrl),
                  () => client.fire({ url: gateway.url, shot, ...LOAD }),
                ),
            },
            [
              {
                name: '@fastify/http-proxy',
                run: () =>
                  perRequest(
                    () => (proxy.send('cpu'), numberOf(proxy, 'micros')),
                    () => client.fire({ url, shot, ...LOAD }),
                  ),
              },
            ],
            { rounds: ROUNDS, warmup: 2, beforeRound: measuring(title) },
          );
          measured.push({ title, unit: 'µs', comparison, note: NOTE } as const);
        }
        proxy.disconnect();
        return measured;
      } finally {
        await gateway.stop();
      }
    } finally {
      client.stop();
      service.disconnect();
    }
  },
};

const NOTE =
  'processor time of the whole process per request, with 16 connections and an answer of 1 KB; the gateway also verifies the token (which it remembers), checks the role, counts the request for all gateways in Redis, filters headers and measures';

function child(file: URL, args: readonly string[] = []): ChildProcess {
  return fork(file, [...args], { detached: true });
}

/** A number in the next message of a process. */
async function numberOf(process: ChildProcess, name: string): Promise<number> {
  const [message]: unknown[] = await once(process, 'message');
  const value: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined;
  if (typeof value !== 'number') throw new Error(`the process sent no ${name}`);
  return value;
}

async function shotsOf(token: string): Promise<readonly { readonly title: string; readonly shot: Shot }[]> {
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'bench' };
  return [
    { title: 'gateway: a read', shot: { method: 'GET', path: `/v1/orders/${ID}`, headers } },
    {
      title: 'gateway: a command with a body of 300 bytes',
      shot: { method: 'POST', path: '/v1/orders', headers, body: JSON.stringify({ text: 'a'.repeat(289) }) },
    },
  ];
}

/** The headers that the gateway adds to an answer, which the peer must add as well. */
async function headersOf(
  url: string,
  [first]: Awaited<ReturnType<typeof shotsOf>>,
): Promise<Readonly<Record<string, string>>> {
  if (first === undefined) return {};
  const answer = await fetch(url + first.shot.path, { headers: { ...first.shot.headers } });
  const {
    connection: _,
    'content-length': _length,
    date: _date,
    'keep-alive': _alive,
    ...headers
  } = Object.fromEntries(answer.headers);
  return headers;
}

/** Microseconds of processor time that the process of a gateway has used. */
async function cpuOf(adminUrl: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(/^process_cpu_seconds_total\S* (\S+)/m.exec(text)?.[1]) * 1e6;
}

async function perRequest(cpu: () => Promise<number>, fire: () => Promise<number>): Promise<number> {
  const before = await cpu();
  const done = await fire();
  return ((await cpu()) - before) / done;
}
