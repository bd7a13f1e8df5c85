import { describe, expect, it } from 'vitest';
import type { OperationContract } from '../contract/operation.ts';
import { serviceEnv } from './serviceEnv.ts';
import { webhookKeysOf } from './webhookKeys.ts';

const ENV = {
  DATABASE_URL: 'postgres://bookings_app:secret@127.0.0.1:5432/bookings',
  KAFKA_BROKERS: '127.0.0.1:9092, [::1]:9093',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081/apis/ccompat/v7',
  AUTH_JWKS_FILE: '/keys.json',
  AUTH_ISSUER: 'issuer',
};

const signed: OperationContract = {
  id: 'receive',
  method: 'POST',
  url: '/v1/events',
  path: '/v1/events',
  security: [{ scheme: 'frontDesk', roles: [], webhook: true }],
  params: [],
  responses: {},
};
const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;

describe('the environment of a service', () => {
  it('has one or two secrets per scheme of signed webhooks', () => {
    const { webhookKeys } = serviceEnv({ ...ENV, ATLAS_WEBHOOK_SECRETS_FRONT_DESK: `${SECRET}, ${SECRET}` });
    expect(webhookKeysOf([signed], webhookKeys).get('frontDesk')).toEqual([Buffer.alloc(24, 1), Buffer.alloc(24, 1)]);
    expect(() => webhookKeysOf([signed], new Map())).toThrow('ATLAS_WEBHOOK_SECRETS_FRONT_DESK is not set');
  });

  it('is read with its defaults', () => {
    expect(serviceEnv(ENV)).toEqual({
      databaseUrl: ENV.DATABASE_URL,
      kafka: {
        brokers: ['127.0.0.1:9092', '[::1]:9093'],
        username: undefined,
        password: undefined,
        sessionMs: 15_000,
      },
      registryUrl: ENV.SCHEMA_REGISTRY_URL,
      host: '127.0.0.1',
      port: 0,
      adminPort: 0,
      namespace: '',
      auth: { keys: { file: '/keys.json' }, issuer: 'issuer', algorithms: ['RS256', 'ES256'] },
      webhookKeys: new Map(),
      logLevel: 'info',
      retention: { deadDays: 90, inboxDays: 30, idempotencyDays: 7, sequenceDays: 400 },
      handlerMs: 10_000,
      startPatienceMs: 60_000,
    });
  });

  it("has the URL of the issuer's keys and the algorithms of its tokens", () => {
    const url = 'http://127.0.0.1:8080/realms/atlas/certs';
    const env = { ...ENV, AUTH_JWKS_FILE: '', AUTH_JWKS_URL: url, AUTH_ALGORITHMS: 'PS256, ES384' };
    expect(serviceEnv(env).auth).toEqual({ keys: { url }, issuer: 'issuer', algorithms: ['PS256', 'ES384'] });
  });

  it.each([
    [{ DATABASE_URL: undefined }, 'DATABASE_URL is not set'],
    [{ DATABASE_URL: '  ' }, 'DATABASE_URL is not set'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL is not a postgres:// or postgresql:// address'],
    [{ KAFKA_BROKERS: 'kafka' }, 'KAFKA_BROKERS is not a list of host:port, separated by commas'],
    [{ KAFKA_USERNAME: 'x' }, 'KAFKA_PASSWORD is not set, but the other of the two is'],
    [{ KAFKA_SESSION_SECONDS: '5' }, 'KAFKA_SESSION_SECONDS is not a number of seconds, from 6 to 60'],
    [{ SCHEMA_REGISTRY_URL: 'localhost:8081' }, 'SCHEMA_REGISTRY_URL is not a http:// or https:// address'],
    [{ PORT: '70000' }, 'PORT is not a port from 0 to 65535'],
    [{ ADMIN_PORT: '80a' }, 'ADMIN_PORT is not a port from 0 to 65535'],
    [{ ATLAS_NAMESPACE: 'a b' }, 'ATLAS_NAMESPACE may only have letters, digits, ".", "_" and "-"'],
    [{ ATLAS_KEEP_DEAD_DAYS: '6' }, 'ATLAS_KEEP_DEAD_DAYS is not a number of days, from 7 to 99999'],
    [{ ATLAS_KEEP_INBOX_DAYS: '1.5' }, 'ATLAS_KEEP_INBOX_DAYS is not a number of days, from 1 to 99999'],
    [{ ATLAS_HANDLER_SECONDS: '21' }, 'ATLAS_HANDLER_SECONDS is not a number of seconds, from 1 to 20'],
    [{ ATLAS_WEBHOOK_SECRETS_DESK: 'whsec_short' }, 'ATLAS_WEBHOOK_SECRETS_DESK is not one or two secrets'],
    [{ ATLAS_WEBHOOK_SECRETS_DESK: [SECRET, SECRET, SECRET].join() }, 'ATLAS_WEBHOOK_SECRETS_DESK is not one or two'],
    [{ AUTH_JWKS_FILE: undefined }, 'AUTH_JWKS_URL or AUTH_JWKS_FILE is not set'],
    [{ AUTH_JWKS_URL: 'https://issuer.example' }, 'AUTH_JWKS_URL and AUTH_JWKS_FILE are both set'],
    [{ AUTH_JWKS_FILE: '', AUTH_JWKS_URL: 'file:///keys' }, 'AUTH_JWKS_URL is not a http:// or https:// address'],
    [{ AUTH_JWKS_FILE: '', AUTH_JWKS_URL: 'http://kim:hunter2@k' }, 'AUTH_JWKS_URL has a user or a password'],
    [{ AUTH_ALGORITHMS: 'RS256,HS256' }, 'AUTH_ALGORITHMS is not a list of RS256, PS256, ES256, ES384, EdDSA, Ed25519'],
    [{ AUTH_ALGORITHMS: 'none' }, 'AUTH_ALGORITHMS is not a list of RS256'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is not one of trace, debug, info, warn, error, fatal, silent'],
  ])('with %j is refused with a sentence', (change, sentence) => {
    expect(() => serviceEnv({ ...ENV, ...change })).toThrow(`environment variables are missing or wrong: ${sentence}`);
  });

  it('is refused with all wrong variables at once, and none of their values', () => {
    const all = () => serviceEnv({ DATABASE_URL: 'mysql://kim:hunter2@db' });
    expect(all).toThrow(/DATABASE_URL .*; SCHEMA|KAFKA_BROKERS is not set.*AUTH_ISSUER is not set/);
    expect(all).not.toThrow(/hunter2/);
  });
});
