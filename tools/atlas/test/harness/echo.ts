import fastify from 'fastify';
import { isRecord } from '@atlas/ir';

/** A request as a server got it. */
export interface Arrived {
  /** As it was sent: nothing is decoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A real server that says what it got, and a real client. */
export interface Echo {
  /** What arrives of a request to a path below the server; undefined if the client or HTTP does not carry it. */
  send(method: string, path: string, headers: Readonly<Record<string, string>>): Promise<Arrived | undefined>;
  /** The text of a header of a response as the client gets it; undefined if HTTP does not carry it. */
  answer(name: string, text: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

export async function startEcho(): Promise<Echo> {
  const app = fastify({ routerOptions: { querystringParser: () => ({}) } });
  app.post<{ Body: readonly [name: string, text: string] }>('/answer', async ({ body: [name, text] }, reply) => {
    await reply.header(name, text).send('');
  });
  app.all('/*', async ({ raw }) => ({ url: raw.url, headers: raw.headers }));
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    async send(method, path, headers) {
      const response = await fetch(address + path, { method, headers }).catch(() => undefined);
      const body: unknown = response?.ok === true ? await response.json() : undefined;
      if (!isRecord(body) || typeof body['url'] !== 'string' || !isRecord(body['headers'])) return undefined;
      const texts = Object.entries(body['headers']).map(([name, text]) => [name, String(text)] as const);
      return { url: body['url'], headers: Object.fromEntries(texts) };
    },
    async answer(name, text) {
      const response = await fetch(`${address}/answer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([name, text]),
      });
      const arrived = response.headers.get(name) ?? undefined;
      await response.body?.cancel();
      return response.ok ? arrived : undefined;
    },
    stop: () => app.close(),
  };
}
