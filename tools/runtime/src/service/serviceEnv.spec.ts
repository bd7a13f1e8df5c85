import { describe, expect, it } from 'vitest';
import { serviceEnv } from './serviceEnv.ts';

const ENV = {
  DATABASE_URL: 'postgres://bookings_app:secret@127.0.0.1:5432/bookings',
  KAFKA_BROKERS: '127.0.0.1:9092, [::1]:9093',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081/apis/ccompat/v7',
  AUTH_JWKS_FILE: '/keys.json',
  AUTH_ISSUER: 'issuer',
  AUTH_AUDIENCE: 'audience',
};

describe('the environment', () => {
  it('is read with its defaults', () => {
    expect(serviceEnv(ENV)).toEqual({
      databaseUrl: ENV.DATABASE_URL,
      kafka: { brokers: ['127.0.0.1:9092', '[::1]:9093'], username: undefined, password: undefined },
      registryUrl: ENV.SCHEMA_REGISTRY_URL,
      host: '127.0.0.1',
      port: 0,
      adminPort: 0,
      namespace: '',
      auth: { jwksFile: '/keys.json', issuer: 'issuer', audience: 'audience' },
      logLevel: 'info',
    });
  });

  it.each([
    [{ DATABASE_URL: undefined }, 'DATABASE_URL is not set'],
    [{ DATABASE_URL: '  ' }, 'DATABASE_URL is not set'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL is no postgres:// or postgresql:// address'],
    [{ KAFKA_BROKERS: 'kafka' }, 'KAFKA_BROKERS is no list of host:port, separated by commas'],
    [{ KAFKA_USERNAME: 'x' }, 'KAFKA_PASSWORD is not set, but its other half is'],
    [{ SCHEMA_REGISTRY_URL: 'localhost:8081' }, 'SCHEMA_REGISTRY_URL is no http:// or https:// address'],
    [{ PORT: '70000' }, 'PORT is no port from 0 to 65535'],
    [{ ADMIN_PORT: '80a' }, 'ADMIN_PORT is no port from 0 to 65535'],
    [{ ATLAS_NAMESPACE: 'a b' }, 'ATLAS_NAMESPACE has other than letters, digits, ".", "_", "-"'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is none of trace, debug, info, warn, error, fatal, silent'],
  ])('%j is refused in a sentence', (change, sentence) => {
    expect(() => serviceEnv({ ...ENV, ...change })).toThrow(`the environment is not fit to start: ${sentence}`);
  });

  it('names all that is wrong at once, and repeats no value', () => {
    const all = () => serviceEnv({ DATABASE_URL: 'mysql://kim:hunter2@db' });
    expect(all).toThrow(/DATABASE_URL .*; SCHEMA|KAFKA_BROKERS is not set.*AUTH_AUDIENCE is not set/);
    expect(all).not.toThrow(/hunter2/);
  });
});
