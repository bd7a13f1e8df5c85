import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackInfo } from '../info.ts';
import { isRecord, parseJson } from '../json.ts';
import { type AclCatalog, grantAcls } from '../kafka/acls.ts';
import { layoutOf } from '../layout.ts';
import { run } from '../process/run.ts';
import { deployLog, type DeployOptions } from './options.ts';

/**
 * Deploys a repository's contracts: runs `atlas register` for topics, schemas and compatibility levels, then grants
 * each service its rights. A second run changes nothing. On failure throws an error with the end of the log.
 */
export async function deployContracts(info: StackInfo, options: DeployOptions = {}): Promise<void> {
  const { root, compiled } = layoutOf(options.root);
  const { namespace = '', signal } = options;
  await run(join(root, 'node_modules/.bin/atlas'), ['register'], {
    cwd: root,
    log: deployLog(info, 'register'),
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: compiled,
      ATLAS_NAMESPACE: namespace,
      ...registerEnvironment(info),
    },
    ...(signal === undefined ? {} : { signal }),
  });
  await grantAcls(info, { catalog: catalogOf(root), namespace });
}

/** The environment of `atlas register`, without ATLAS_NAMESPACE. */
export function registerEnvironment({ kafka, registry }: StackInfo): Record<string, string> {
  return {
    KAFKA_BROKERS: kafka.brokers.join(','),
    KAFKA_USERNAME: kafka.admin.username,
    KAFKA_PASSWORD: kafka.admin.password,
    SCHEMA_REGISTRY_URL: registry.url,
  };
}

function catalogOf(root: string): AclCatalog {
  const file = join(root, 'generated/catalog.json');
  const catalog = parseJson(readFileSync(file, 'utf8'));
  if (!isCatalog(catalog)) throw new Error(`${file} is not a catalog: run "npx atlas generate"`);
  return catalog;
}

/** The toolkit writes this file and checks it for drift, so it is enough to see that its lists exist. */
function isCatalog(value: unknown): value is AclCatalog {
  return isRecord(value) && Array.isArray(value['services']) && Array.isArray(value['topics']);
}
