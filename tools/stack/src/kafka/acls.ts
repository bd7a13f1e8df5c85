import kafkajs, { type AclEntry } from 'kafkajs';
import type { StackInfo } from '../info.ts';
import { withAdmin } from './admin.ts';

/** The part of generated/catalog.json that says who may write and read which topic. */
export interface AclCatalog {
  readonly services: readonly { readonly name: string; readonly dlqTopic?: string | undefined }[];
  readonly topics: readonly { readonly name: string; readonly owner: string; readonly readers: readonly string[] }[];
}

export interface GrantOptions {
  readonly catalog: AclCatalog;
  /** ATLAS_NAMESPACE, the prefix of the names of topics and groups. */
  readonly namespace?: string;
}

const { AclResourceTypes: Resource, AclOperationTypes: Operation, ResourcePatternTypes: Pattern } = kafkajs;

/**
 * Allows each service to write its own topics and its dead letters, to read the topics whose `readers` name it, and to
 * use its consumer group and the groups whose names begin with that name and a dot, which replays use. Nothing else is
 * allowed. Takes one request. A second call changes nothing.
 */
export async function grantAcls(info: StackInfo, { catalog, namespace = '' }: GrantOptions): Promise<void> {
  const acl = aclsOf(catalog, namespace, (service) => info.kafka.users[service]?.username ?? service);
  if (acl.length === 0) return;
  await withAdmin(info.kafka.brokers, info.kafka.admin, (admin) => admin.createAcls({ acl }));
}

/**
 * The entries that `grantAcls` creates. WRITE and READ imply DESCRIBE. IDEMPOTENT_WRITE is for the cluster (KIP-98).
 */
export function aclsOf(catalog: AclCatalog, namespace: string, userOf: (service: string) => string): AclEntry[] {
  const own = catalog.services.flatMap(({ name, dlqTopic }) => [
    allow(userOf(name), Resource.CLUSTER, 'kafka-cluster', Operation.IDEMPOTENT_WRITE),
    allow(userOf(name), Resource.GROUP, `${namespace}${name}`, Operation.READ),
    // no name of a service has a dot
    {
      ...allow(userOf(name), Resource.GROUP, `${namespace}${name}.`, Operation.READ),
      resourcePatternType: Pattern.PREFIXED,
    },
    ...(dlqTopic === undefined
      ? []
      : [allow(userOf(name), Resource.TOPIC, `${namespace}${dlqTopic}`, Operation.WRITE)]),
  ]);
  const services = new Set(catalog.services.map(({ name }) => name));
  const topics = catalog.topics.flatMap(({ name, owner, readers }) => [
    // The owner of a foreign topic is not a service, and its rights are not ours to give.
    ...(services.has(owner) ? [allow(userOf(owner), Resource.TOPIC, `${namespace}${name}`, Operation.WRITE)] : []),
    ...readers.map((reader) => allow(userOf(reader), Resource.TOPIC, `${namespace}${name}`, Operation.READ)),
  ]);
  return [...own, ...topics];
}

function allow(
  user: string,
  resourceType: AclEntry['resourceType'],
  resourceName: string,
  operation: AclEntry['operation'],
): AclEntry {
  return {
    principal: `User:${user}`,
    host: '*',
    resourceType,
    resourceName,
    resourcePatternType: Pattern.LITERAL,
    operation,
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
  };
}
