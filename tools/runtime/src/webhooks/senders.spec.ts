import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Validate } from '../contract/operation.ts';
import { isObject } from '../typeGuards.ts';
import { webhookSenders, type SenderOptions, type SendWebhook } from './index.ts';
import { isSignedBy } from './signature.ts';

/** A receiver that answers as a test says, and keeps what it got. */
let answer: RequestListener = (_request, response) => response.writeHead(204).end();
const got: { readonly headers: IncomingMessage['headers']; readonly body: Buffer }[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    got.push({ headers: request.headers, body: Buffer.concat(chunks) });
    answer(request, response);
  });
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address === 'object' && address !== null) url = `http://127.0.0.1:${address.port}/events`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const seats: Validate = (value) =>
  isObject(value) && typeof value['seats'] === 'number'
    ? undefined
    : [{ pointer: '/seats', detail: 'must be a number' }];
const WEBHOOKS = { ticketSold: { name: 'ticket.sold', mediaType: 'application/json', validate: seats } } as const;
interface Webhooks {
  readonly ticketSold: SendWebhook<{ readonly seats: number | string }>;
}

const [OLD, NEW] = [Buffer.alloc(24, 1), Buffer.alloc(24, 2)];
const secretOf = (key: Buffer): string => `whsec_${key.toString('base64')}`;
const sender = (options: Partial<SenderOptions> = {}): Webhooks =>
  webhookSenders<Webhooks>(WEBHOOKS, { url, secrets: [secretOf(NEW), secretOf(OLD)], ...options });
const SOLD = { id: 'evt_1', body: { seats: 2 } };

describe('a webhook', () => {
  it('is sent with its id and its time, and is signed with each secret', async () => {
    const now = (): Date => new Date('2031-05-01T19:00:00.900Z');
    expect(await sender({ now }).ticketSold(SOLD)).toEqual({ delivered: true, status: 204 });
    const { headers = {}, body = Buffer.alloc(0) } = got.at(-1) ?? {};
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'evt_1' });
    const timestamp = String(Date.parse('2031-05-01T19:00:00Z') / 1_000);
    expect(headers['webhook-timestamp']).toBe(timestamp);
    const signature = String(headers['webhook-signature']);
    for (const key of [OLD, NEW]) expect(isSignedBy([key], signature, { id: 'evt_1', timestamp, body })).toBe(true);
    expect(JSON.parse(body.toString())).toEqual({ seats: 2 });
  });

  it('is not delivered if the receiver refuses it, redirects it, closes the connection or stays silent', async () => {
    const { ticketSold } = sender({ timeoutMs: 200 });
    answer = (_request, response) => response.writeHead(500).end();
    expect(await ticketSold(SOLD)).toMatchObject({ delivered: false, status: 500 });
    answer = (_request, response) => response.writeHead(307, { location: url }).end();
    expect(await ticketSold(SOLD)).toMatchObject({ delivered: false, status: 307 });
    answer = (request) => request.socket.destroy();
    expect(await ticketSold(SOLD)).toMatchObject({ delivered: false, why: expect.stringContaining('no answer') });
    answer = () => {};
    expect(await ticketSold(SOLD)).toMatchObject({ delivered: false, why: expect.stringContaining('no answer') });
  });

  it('is not sent if its document refuses the body', async () => {
    const before = got.length;
    await expect(sender().ticketSold({ id: 'evt_2', body: { seats: 'two' } })).rejects.toMatchObject({
      code: 'ATLAS_WEBHOOK',
      message: 'ticket.sold does not fit its document: /seats must be a number',
    });
    expect(got).toHaveLength(before);
  });

  it('needs a well-formed secret', () => {
    expect(() => sender({ secrets: [] })).toThrow('whsec_');
    expect(() => sender({ secrets: [secretOf(NEW), 'hunter2'] })).toThrow(/^(?!.*hunter2)/);
  });
});
