import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const REPOSITORY = join(import.meta.dirname, '../../../..');
const NEEDED = ['postgres', 'kafka', 'registry', 'redis', 'keycloak'];

interface Service {
  readonly image?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly configs?: readonly { source: string }[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

/** What is wrong with a compose file, as far as it can be read without starting it. */
function faults(compose: Compose): readonly string[] {
  const names = Object.keys(compose.services);
  return [
    ...NEEDED.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ...Object.entries(compose.services).flatMap(([name, service]) =>
      [
        [/:\d+\.\d+/.test(service.image ?? ''), 'has no pinned image'],
        [service.ports?.every((port) => port.startsWith('127.0.0.1:')) ?? false, 'listens beyond this machine'],
        [(service.healthcheck?.test.length ?? 0) > 1, 'has no health check'],
        [
          (service.volumes ?? []).every((volume) => (volume.split(':')[0] ?? '') in compose.volumes),
          'has an undeclared volume',
        ],
        [(service.configs ?? []).every(({ source }) => source in compose.configs), 'has an undeclared config'],
        [
          Object.keys(service.depends_on ?? {}).every((needed) => names.includes(needed)),
          'waits for a missing service',
        ],
      ].flatMap(([ok, fault]) => (ok === true ? [] : [`${name} ${String(fault)}`])),
    ),
  ];
}

const text = readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8');
const compose: Compose = parse(text);

describe('docker-compose.yml', () => {
  it('has every server, with a pinned image, on this machine only, with a health check', () => {
    expect(faults(compose)).toEqual([]);
  });

  it.each([
    ['kafka has no pinned image', (service: Service): Service => ({ ...service, image: 'apache/kafka:latest' })],
    ['kafka listens beyond this machine', (service: Service): Service => ({ ...service, ports: ['9092:9092'] })],
    ['kafka has no health check', ({ healthcheck: _, ...service }: Service): Service => service],
    ['kafka has an undeclared volume', (service: Service): Service => ({ ...service, volumes: ['lost:/data'] })],
  ])('is refused if %s', (fault, broken) => {
    const services = { ...compose.services, kafka: broken(compose.services['kafka'] ?? {}) };
    expect(faults({ ...compose, services })).toEqual([fault]);
  });

  it('gives Kafka users, and no rights without an ACL', () => {
    const properties = compose.configs['kafka']?.content ?? '';
    expect(properties).toContain('authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer');
    expect(properties).toContain('allow.everyone.if.no.acl.found=false');
    expect(properties).toMatch(/^super\.users=User:broker;User:admin$/m);
  });
});
