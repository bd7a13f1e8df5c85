import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addressVariable, gatewayProgram, programsOf } from './deploy/programs.ts';
import { PORTS_APART, FIRST_PORT } from './deploy/servicePorts.ts';
import { type AclCatalog, aclsOf } from './kafka/acls.ts';
import { KAFKA_VERSION } from './kafka/pom.ts';
import { brokerProperties } from './kafka/properties.ts';
import { realmFileOf } from './keycloak/realmFile.ts';
import { KEYCLOAK_VERSION } from './parts/keycloak.ts';
import { PARTS } from './parts/parts.ts';
import { VALKEY_VERSION } from './parts/redis.ts';
import { REGISTRY_VERSION } from './parts/registry.ts';
import { postgresBinaries } from './postgres/binaries.ts';
import { externalServers } from './external.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const services = programsOf(REPOSITORY).map(({ name }) => name);
const programs = [...services, ...[gatewayProgram(REPOSITORY)].flatMap((gateway) => gateway?.name ?? [])];
const servers = PARTS.map(({ name }) => name);

interface Service {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string; readonly target: string };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly configs?: readonly { source: string }[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly read_only?: boolean;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

/** The faults of a compose file that can be found without starting it. */
function faults(compose: Compose): readonly string[] {
  const names = Object.keys(compose.services);
  return [
    ...[...servers, ...programs, 'deploy'].filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ...Object.entries(compose.services).flatMap(([name, service]) =>
      [
        [/:\d+\.\d+/.test(service.image ?? ''), 'has no pinned image'],
        [service.ports?.every((port) => port.startsWith('127.0.0.1:')) ?? true, 'listens beyond this machine'],
        [
          name === 'deploy' ||
            (Array.isArray(service.healthcheck?.test) &&
              service.healthcheck.test.every((word) => typeof word === 'string')),
          'has no health check',
        ],
        [
          (service.volumes ?? []).every((volume) => (volume.split(':')[0] ?? '') in compose.volumes),
          'has an undeclared volume',
        ],
        [(service.configs ?? []).every(({ source }) => source in compose.configs), 'has an undeclared config'],
        [
          Object.keys(service.depends_on ?? {}).every((needed) => names.includes(needed)),
          'waits for a missing service',
        ],
        [service.build === undefined || service.read_only === true, 'can write files'],
        [
          Object.values(service.environment ?? {}).every((value) => typeof value === 'string'),
          'has a variable that is not a text',
        ],
      ].flatMap(([ok, fault]) => (ok === true ? [] : [`${name} ${String(fault)}`])),
    ),
  ];
}

const composeText = readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8');
const compose: Compose = parse(composeText, { merge: true });
const dockerfile = readFileSync(join(REPOSITORY, 'tools/image/Dockerfile'), 'utf8');

/** What the deployment registers, and who gets rights. */
interface Catalog extends AclCatalog {
  readonly topics: readonly (AclCatalog['topics'][number] & { readonly replicas: number })[];
  readonly services: readonly (AclCatalog['services'][number] & {
    readonly operations?: readonly { readonly roles: readonly (readonly string[])[] }[];
  })[];
}
const catalog: Catalog = parse(readFileSync(join(REPOSITORY, 'generated/catalog.json'), 'utf8'));

/** The ports of a container that are published: on this machine, and in the container. */
function published(name: string): { readonly host: string; readonly container: string } {
  const [, host = '', container = ''] = compose.services[name]?.ports?.[0]?.split(':') ?? [];
  return { host, container };
}

/** Turns `a=b` lines into an object. */
function propertiesIn(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** The server to which a URL leads: `kafka:9094`. */
function serverIn(url: string): string {
  return url
    .replace(/^\w+:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/\/.*$/, '');
}

describe('docker-compose.yml', () => {
  it('has every server and every program, with a pinned image, on this machine only, with a health check', () => {
    expect(faults(compose)).toEqual([]);
    expect(Object.keys(compose.services).sort()).toEqual([...servers, ...programs, 'deploy', 'payment-sandbox'].sort());
  });

  it.each([
    ['kafka has no pinned image', (service: Service): Service => ({ ...service, image: 'apache/kafka:latest' })],
    ['kafka listens beyond this machine', (service: Service): Service => ({ ...service, ports: ['9092:9092'] })],
    ['kafka has no health check', ({ healthcheck: _, ...service }: Service): Service => service],
    ['kafka has an undeclared volume', (service: Service): Service => ({ ...service, volumes: ['lost:/data'] })],
    [
      'kafka waits for a missing service',
      (service: Service): Service => ({ ...service, depends_on: { zookeeper: { condition: 'service_healthy' } } }),
    ],
  ])('is refused if %s', (fault, broken) => {
    const services = { ...compose.services, kafka: broken(compose.services['kafka'] ?? {}) };
    expect(faults({ ...compose, services })).toEqual([fault]);
  });

  it('has the versions that the stack has', () => {
    const versions = ['kafka', 'keycloak', 'registry', 'postgres', 'redis'].map(
      (name) => compose.services[name]?.image?.split(':')[1],
    );
    const [postgres, valkey] = [postgresBinaries().version, VALKEY_VERSION].map((version) =>
      version.split('.').slice(0, 2).join('.'),
    );
    expect(versions).toEqual([KAFKA_VERSION, KEYCLOAK_VERSION, REGISTRY_VERSION, postgres, valkey]);
  });

  it("configures Kafka like the stack's, with a user for each service", () => {
    const own = propertiesIn(compose.configs['kafka']?.content ?? '');
    const password = '${ATLAS_DEV_PASSWORD:-atlas-dev}';
    const users = Object.fromEntries(['admin', ...services].map((name) => [name, password]));
    const stack = propertiesIn(
      brokerProperties({ port: 9092, controllerPort: 9093, dataFolder: '', brokerPassword: password, users }),
    );
    // the settings that differ because it is a container, or because the stack is small on purpose
    const differs =
      /^(listeners|advertised\.listeners|listener\.security\.protocol\.map|log\.|num\.|metric\.)|\.num\.partitions$/;
    const alike = Object.entries(stack).filter(([name]) => !differs.test(name));
    expect(own).toMatchObject(Object.fromEntries(alike));
    expect(own['listener.name.containers.plain.sasl.jaas.config']).toBe(
      own['listener.name.sasl_plaintext.plain.sasl.jaas.config'],
    );
    expect(own['listener.security.protocol.map']).not.toMatch(/:(PLAINTEXT|SSL)\b/);
  });

  it('gives the deployment the address of every server that it can use, with the port where the container listens', () => {
    const environment = compose.services['deploy']?.environment ?? {};
    const external = externalServers(environment);
    expect(Object.keys(external).sort()).toEqual([...servers].sort());
    expect(external.kafka?.servicePassword).toBe(external.kafka?.password);
    const own = propertiesIn(compose.configs['kafka']?.content ?? '');
    expect(own['advertised.listeners']).toContain(`CONTAINERS://${external.kafka?.brokers.join()}`);
    expect(serverIn(external.postgres ?? '')).toBe('postgres:5432');
    expect(serverIn(external.redis ?? '')).toBe('redis:6379');
    expect(serverIn(external.registry ?? '')).toBe(`registry:${published('registry').container}`);
    expect(serverIn(external.keycloak?.url ?? '')).toBe(`keycloak:${published('keycloak').container}`);
    expect(serverIn(external.keycloak?.publicUrl ?? '')).toBe(`127.0.0.1:${published('keycloak').host}`);
    expect(own['advertised.listeners']).toContain(`SASL_PLAINTEXT://127.0.0.1:${published('kafka').host}`);
    expect(compose.services['keycloak']?.command).toContain(`--hostname=${external.keycloak?.publicUrl}`);
  });

  it('deploys topics of the catalog that fit one broker, and gives rights only to users of it', () => {
    const own = propertiesIn(compose.configs['kafka']?.content ?? '');
    const login = own['listener.name.containers.plain.sasl.jaas.config'] ?? '';
    const users = [...login.matchAll(/ user_([\w-]+)=/g)].map(([, name]) => `User:${name}`);
    expect(users).toEqual(
      expect.arrayContaining(aclsOf(catalog, '', (name) => name).map(({ principal }) => principal)),
    );
    expect(catalog.topics.filter(({ replicas }) => replicas > 1)).toEqual([]);
  });

  it('deploys a realm that has each role of the catalog', () => {
    const { services: all } = catalog;
    const roles = all.flatMap(({ operations = [] }) => operations.flatMap((operation) => operation.roles.flat()));
    expect(Object.keys(realmFileOf(REPOSITORY).roles)).toEqual(expect.arrayContaining(roles));
  });

  it('takes ports of this machine, each once, that neither the stack nor make dev takes by default', () => {
    const own = Object.keys(compose.services).flatMap((name) => {
      const { host } = published(name);
      return host === '' ? [] : [Number(host)];
    });
    expect(own).toEqual([...new Set(own)]);
    const stack = PARTS.flatMap(({ ports }) => Object.values(ports));
    // a program of make dev has two ports side by side
    const dev = programs.flatMap((_, index) => [
      FIRST_PORT + PORTS_APART * index,
      FIRST_PORT + PORTS_APART * index + 1,
    ]);
    expect(own.filter((port) => [...stack, ...dev].includes(port))).toEqual([]);
  });

  it('says at its top which variables lead programs of this machine to its servers', () => {
    const lines = [...composeText.matchAll(/^# {3}export (.*)$/gm)].map(([, line = '']) => line.replaceAll(' ', '\n'));
    const external = externalServers(propertiesIn(lines.join('\n')));
    const { postgres = '', kafka, registry = '', redis = '', keycloak } = external;
    const said = { postgres, kafka: kafka?.brokers.join() ?? '', registry, redis, keycloak: keycloak?.url ?? '' };
    const there = servers.map((name) => [name, `127.0.0.1:${published(name).host}`]);
    expect(Object.fromEntries(Object.entries(said).map(([name, url]) => [name, serverIn(url)]))).toEqual(
      Object.fromEntries(there),
    );
    expect(kafka?.servicePassword).toBe('atlas-dev');
  });

  it('starts each program by its name, after the deployment, with tokens of Keycloak', () => {
    for (const name of programs) {
      expect(compose.services[name]?.command).toEqual(['run', '--with', 'keycloak', name]);
      expect(compose.services[name]?.depends_on).toEqual({ deploy: { condition: 'service_completed_successfully' } });
    }
    expect(compose.services['deploy']?.command).toEqual(['up', '--with', 'keycloak', '--deploy']);
  });

  it('gives the gateway the address of every service, and only the gateway is reachable from outside', () => {
    const port = compose.services[services[0] ?? '']?.environment?.['PORT'];
    const { ports, environment } = compose.services['gateway'] ?? {};
    const { HOST: _, PORT: __, ADMIN_PORT: ___, GATEWAY_PUBLIC_URL: own, ...addresses } = environment ?? {};
    expect(ports).toEqual([`${own?.replace('http://', '')}:${port}`]);
    expect(addresses).toEqual(
      Object.fromEntries(services.map((name) => [addressVariable(name), `http://${name}:${port}`])),
    );
    expect(
      Object.keys(compose.services).filter((name) => compose.services[name]?.ports && programs.includes(name)),
    ).toEqual(['gateway']);
  });

  it('gives callers of the payment provider the address of the sandbox, and the sandbox the key and the address of the gateway', () => {
    const [caller = {}] = services.flatMap((name) => {
      const environment = compose.services[name]?.environment ?? {};
      return environment['PAYMENT_PROVIDER_URL'] === undefined ? [] : [environment];
    });
    const sandbox = compose.services['payment-sandbox']?.environment ?? {};
    expect(serverIn(caller['PAYMENT_PROVIDER_URL'] ?? '')).toBe(`payment-sandbox:${sandbox['PORT']}`);
    expect(caller['PAYMENT_PROVIDER_KEY']).toBe(sandbox['API_KEY']);
    expect(serverIn(sandbox['WEBHOOK_URL'] ?? '')).toBe(
      `gateway:${compose.services['gateway']?.environment?.['PORT']}`,
    );
  });
});

describe('the image', () => {
  it('has the versions of Node and pnpm that the repository has', () => {
    const { devDependencies, packageManager } = parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
    expect([...dockerfile.matchAll(/^FROM node:([\d.]+)-/gm)].map(([, version]) => version)).toEqual([
      devDependencies.node,
      devDependencies.node,
    ]);
    expect([...dockerfile.matchAll(/npx -y (pnpm@[\d.]+)/g)].map(([, version]) => version)).toEqual([
      packageManager,
      packageManager,
    ]);
  });

  it('has the contracts that the deployment registers and the realm that it makes', () => {
    const ignored = readFileSync(join(REPOSITORY, 'tools/image/Dockerfile.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['!generated', '!specs']));
    expect(ignored.filter((line) => /^(generated|specs)\b/.test(line))).toEqual([]);
    expect(dockerfile).toMatch(/^COPY \. \.$/m);
    expect(dockerfile).toMatch(/^FROM base AS deploy\nCOPY --from=deploy-packages \/atlas \/atlas$/m);
  });

  it('has the targets that the compose file builds, and runs no process as root', () => {
    const targets = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, target]) => target);
    const built = Object.values(compose.services).flatMap(({ build }) => build ?? []);
    for (const { target } of built) expect(targets).toContain(target);
    expect(new Set(built.map(({ dockerfile: file }) => file))).toEqual(new Set(['tools/image/Dockerfile']));
    expect(dockerfile).toMatch(/^USER node$/m);
  });
});
