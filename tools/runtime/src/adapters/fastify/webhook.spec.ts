import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { recordingLog } from '../../../test/boxOffice.ts';
import { stubSessions, stubStore } from '../../../test/stubStore.ts';
import type { OperationContract, Validate } from '../../contract/operation.ts';
import type { AnyInput } from '../../contract/service.ts';
import { isObject } from '../../typeGuards.ts';
import { signWebhook, webhookKey } from '../../webhooks/signature.ts';
import { promMetrics } from '../prom-client/promMetrics.ts';
import { createApp } from './app.ts';

const OLD = Buffer.alloc(24, 1);
const NEW = Buffer.alloc(32, 2);
const NOW = new Date('2031-05-01T19:00:00Z');
const AT = NOW.getTime() / 1_000;

const kind: Validate = (value) =>
  isObject(value) && typeof value['kind'] === 'string' ? undefined : [{ pointer: '/kind', detail: 'must be text' }];
const receiveTicketEvent: OperationContract = {
  id: 'receiveTicketEvent',
  method: 'POST',
  url: '/v1/ticket-events',
  path: '/v1/ticket-events',
  security: [{ scheme: 'desk', roles: [], webhook: true }],
  params: [],
  body: { required: true, mediaType: 'application/json', validate: kind },
  responses: { 204: { kind: 'empty' } },
};

const seen: AnyInput[] = [];
const options = {
  operations: [receiveTicketEvent],
  document: undefined,
  handlers: {
    receiveTicketEvent: async (input: AnyInput) => {
      seen.push(input);
      return { status: 204 };
    },
  },
  plumbing: {
    store: stubStore(),
    clock: { now: () => NOW, monotonic: () => 0, sleep: async () => {} },
    messages: [],
    wake: () => {},
    ...stubSessions,
  },
  authenticator: {
    authenticate: async () => {
      throw new Error('a signed request has no token');
    },
  },
  log: recordingLog([]),
  metrics: promMetrics('desk'),
};
const app = await createApp({ ...options, webhookKeys: new Map([['desk', [NEW, OLD]]]) });
afterAll(() => app.close());
beforeEach(() => seen.splice(0));

const TEXT = '{ "kind":\t"moved", "price": 1.50 }\n';

interface Given {
  readonly key?: Buffer;
  readonly id?: string;
  readonly timestamp?: string;
  readonly signed?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a body with the signature of this body, or of another text. */
function send(
  text: string,
  { key = NEW, id = 'msg_1', timestamp = String(AT), signed = text, headers = {} }: Given = {},
) {
  return app.inject({
    method: 'POST',
    url: '/v1/ticket-events',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signWebhook(key, { id, timestamp, body: signed }),
      ...headers,
    },
    payload: text,
  });
}

describe('a signed request', () => {
  it('reaches the handler with its id, its time and the parsed body', async () => {
    expect((await send(TEXT)).statusCode).toBe(204);
    expect(seen).toMatchObject([
      { body: { kind: 'moved', price: 1.5 }, webhook: { id: 'msg_1', sentAt: NOW }, ctx: { actor: { id: 'webhook' } } },
    ]);
  });

  it('is verified by its exact bytes, so that other white space makes it another body', async () => {
    const answer = await send(TEXT, { signed: JSON.stringify(JSON.parse(TEXT)) });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'webhook-signature-wrong' });
    expect(answer.headers['www-authenticate']).toBe('Webhook');
    expect(seen).toHaveLength(0);
  });

  it('may be signed with either of two secrets, and may have several signatures', async () => {
    expect((await send(TEXT, { key: OLD })).statusCode).toBe(204);
    const good = signWebhook(NEW, { id: 'msg_1', timestamp: String(AT), body: TEXT });
    const other = signWebhook(Buffer.alloc(24, 9), { id: 'msg_1', timestamp: String(AT), body: TEXT });
    expect((await send(TEXT, { headers: { 'webhook-signature': `v1a,abc ${other} ${good}` } })).statusCode).toBe(204);
  });

  it.each([
    ['a secret that is not ours', { key: Buffer.alloc(24, 9) }, 'webhook-signature-wrong'],
    ['another id', { headers: { 'webhook-id': 'msg_2' } }, 'webhook-signature-wrong'],
    ['another time', { headers: { 'webhook-timestamp': String(AT + 1) } }, 'webhook-signature-wrong'],
    ['a signature that is not base64', { headers: { 'webhook-signature': 'v1,%%%' } }, 'webhook-signature-wrong'],
    ['another version of signatures', { headers: { 'webhook-signature': 'v2,AAAA' } }, 'webhook-signature-wrong'],
    ['no signature', { headers: { 'webhook-signature': '' } }, 'webhook-signature-missing'],
    ['an id with a dot', { id: 'msg.1' }, 'webhook-signature-missing'],
    ['a time that is not a number', { timestamp: 'now' }, 'webhook-signature-missing'],
    ['a time of 301 seconds ago', { timestamp: String(AT - 301) }, 'webhook-timestamp-stale'],
    ['a time in 301 seconds', { timestamp: String(AT + 301) }, 'webhook-timestamp-stale'],
  ] satisfies readonly (readonly [string, Given, string])[])('is refused with %s', async (_what, given, code) => {
    const answer = await send(TEXT, given);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code, status: 401 });
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(seen).toHaveLength(0);
  });

  it.each([-300, 300])('is accepted %i seconds from now', async (seconds) => {
    expect((await send(TEXT, { timestamp: String(AT + seconds) })).statusCode).toBe(204);
  });

  it('shows nothing of the contract to a stranger, but says to its sender what is wrong', async () => {
    expect((await send('not json', { key: Buffer.alloc(24, 9) })).json()).toMatchObject({
      code: 'webhook-signature-wrong',
    });
    expect((await send('not json')).json()).toMatchObject({ code: 'malformed-body' });
    expect((await send('{}')).json()).toMatchObject({ code: 'validation-failed' });
  });

  it('cannot be received without secrets', async () => {
    const metrics = promMetrics('other-desk');
    await expect(createApp({ ...options, metrics })).rejects.toMatchObject({ code: 'ATLAS_ENV' });
  });
});

describe('a webhook secret', () => {
  it('is the base64 of 24 to 64 bytes, with or without its prefix', () => {
    expect(webhookKey(`whsec_${NEW.toString('base64')}`)).toEqual(NEW);
    expect(webhookKey(OLD.toString('base64'))).toEqual(OLD);
    for (const text of ['', 'whsec_', 'whsec_c2hvcnQ=', 'whsec_ not base64', Buffer.alloc(65).toString('base64')])
      expect(webhookKey(text)).toBeUndefined();
  });

  it('signs as the reference implementation of Standard Webhooks does', () => {
    const key = webhookKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') ?? Buffer.alloc(0);
    const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body: '{"test": 2432232314}' };
    expect(signWebhook(key, signed)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});
