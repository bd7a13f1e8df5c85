import type { ExternalServers } from '../external.ts';
import type { StackInfo } from '../info.ts';
import type { Layout } from '../layout.ts';
import { adminOf, brokersOf, usersOf } from '../parts/kafka.ts';
import { adminUrl, serviceDatabase } from '../parts/postgres.ts';
import { keycloakInfo } from '../parts/keycloak.ts';
import { socketFolder } from '../postgres/socket.ts';
import { redisUrl } from '../parts/redis.ts';
import { registryUrl } from '../parts/registry.ts';
import type { StackState } from '../state.ts';

interface Known {
  readonly layout: Layout;
  readonly state: StackState;
  readonly external: ExternalServers;
  readonly services: readonly string[];
  readonly auth: StackInfo['auth'];
  /** The names of the optional parts that are running. */
  readonly optional: ReadonlySet<string>;
}

/** The content of stack.json: addresses and credentials. The ports of the stack must be chosen. */
export function infoOf({ layout, state, external, services, auth, optional }: Known): StackInfo {
  const admin = adminUrl(external, state);
  const { hostname, port } = new URL(admin);
  const sockets = external.postgres === undefined ? socketFolder(layout) : undefined;
  return {
    postgres: {
      host: hostname,
      port: Number(port || 5432),
      adminUrl: admin,
      ...(sockets === undefined ? {} : { socketFolder: sockets }),
      services: Object.fromEntries(services.map((service) => [service, serviceDatabase(admin, state, service)])),
    },
    kafka: {
      brokers: brokersOf(external, state),
      admin: adminOf(external, state),
      users: usersOf(external, state, services),
    },
    registry: { url: registryUrl(external, state) },
    redis: { url: redisUrl(external, state) },
    auth,
    ...(optional.has('keycloak') ? { keycloak: keycloakInfo(layout, external, state) } : {}),
    logs: layout.logs,
  };
}
