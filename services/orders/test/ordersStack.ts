import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { contract } from '@atlas/generated-orders';
import { grantAcls, mintToken, readStack, serviceEnvironment, type AclCatalog, type StackInfo } from '@atlas/stack';

const ROOT = new URL('../../../', import.meta.url);
const run = promisify(execFile);

export interface OrdersStack {
  /** Of a process of the service that has topics and schemas of its own. */
  readonly environment: Readonly<Record<string, string>>;
  token(roles: readonly string[]): Promise<string>;
}

/** The stack as a deploy leaves it for the service: topics, schemas and rights are there, all under `namespace`. */
export async function ordersStack(namespace: string): Promise<OrdersStack> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  await register(stack, namespace);
  await grantAcls(stack, { catalog: await catalog(), namespace });
  return {
    environment: { ...serviceEnvironment(stack, contract.service), ATLAS_NAMESPACE: namespace },
    token: (roles) => mintToken(stack, { sub: 'ops-1', roles }),
  };
}

async function register({ kafka, registry }: StackInfo, namespace: string): Promise<void> {
  const atlas = fileURLToPath(new URL('tools/atlas/bin/atlas.js', ROOT));
  await run(process.execPath, [atlas, 'register'], {
    cwd: fileURLToPath(ROOT),
    env: {
      ...process.env,
      ATLAS_NAMESPACE: namespace,
      KAFKA_BROKERS: kafka.brokers.join(','),
      KAFKA_USERNAME: kafka.admin.username,
      KAFKA_PASSWORD: kafka.admin.password,
      SCHEMA_REGISTRY_URL: registry.url,
    },
  });
}

async function catalog(): Promise<AclCatalog> {
  const read: unknown = JSON.parse(await readFile(new URL('generated/catalog.json', ROOT), 'utf8'));
  if (!isCatalog(read)) throw new Error('generated/catalog.json is none: run `make generate`');
  return read;
}

/** Atlas writes the file and checks it for drift, so its lists being there is check enough. */
function isCatalog(value: unknown): value is AclCatalog {
  return typeof value === 'object' && value !== null && 'services' in value && 'topics' in value;
}
