import { describe, expect, it } from 'vitest';
import { externalServers } from './external.ts';

describe('the servers that the environment names', () => {
  it('are none by default, even if a variable is empty', () => {
    expect(externalServers({ ATLAS_POSTGRES_URL: ' ' })).toEqual({});
  });

  it('are read from their variables, brokers as a list', () => {
    const env = {
      ATLAS_POSTGRES_URL: 'postgres://me:x@db:5432/postgres',
      ATLAS_KAFKA_BROKERS: 'a:9092, b:9092',
      ATLAS_KAFKA_USERNAME: 'boss',
      ATLAS_KAFKA_PASSWORD: 'pw',
      ATLAS_REGISTRY_URL: 'http://registry/',
      ATLAS_REDIS_URL: 'redis://cache',
      ATLAS_KEYCLOAK_URL: 'http://keycloak/',
      ATLAS_KEYCLOAK_USERNAME: 'root',
      ATLAS_KEYCLOAK_PASSWORD: 'pw',
    };
    expect(externalServers(env)).toEqual({
      postgres: 'postgres://me:x@db:5432/postgres',
      kafka: { brokers: ['a:9092', 'b:9092'], username: 'boss', password: 'pw' },
      registry: 'http://registry',
      redis: 'redis://cache',
      keycloak: { url: 'http://keycloak', username: 'root', password: 'pw' },
    });
  });

  it('may have a user for each service, and a separate address for people', () => {
    const env = {
      ATLAS_KAFKA_BROKERS: 'a:9092',
      ATLAS_KAFKA_USERNAME: 'boss',
      ATLAS_KAFKA_PASSWORD: 'pw',
      ATLAS_KAFKA_SERVICE_PASSWORD: 'other',
      ATLAS_KEYCLOAK_URL: 'http://keycloak:8080',
      ATLAS_KEYCLOAK_USERNAME: 'root',
      ATLAS_KEYCLOAK_PASSWORD: 'pw',
      ATLAS_KEYCLOAK_PUBLIC_URL: 'http://127.0.0.1:8080/',
    };
    expect(externalServers(env)).toMatchObject({
      kafka: { servicePassword: 'other' },
      keycloak: { publicUrl: 'http://127.0.0.1:8080' },
    });
  });

  it('include an admin user for Kafka and Keycloak', () => {
    expect(() => externalServers({ ATLAS_KAFKA_BROKERS: 'a:9092' })).toThrow(/needs ATLAS_KAFKA_USERNAME/);
    expect(() => externalServers({ ATLAS_KEYCLOAK_URL: 'http://k' })).toThrow(/needs ATLAS_KEYCLOAK_USERNAME/);
  });
});
