import { join } from 'node:path';
import type { StackInfo } from '../info.ts';
import { layoutOf } from '../layout.ts';
import { run } from '../process/run.ts';
import { deployLog, type DeployOptions } from './options.ts';

/**
 * Migrates the database of a service by its own command, `services/<service>/src/migrate.ts`, as the role that owns the
 * database. By default that is the service's database of the stack. On failure throws an error with the end of the log.
 */
export async function migrateService(
  info: StackInfo,
  service: string,
  options: DeployOptions & { readonly ownerUrl?: string } = {},
): Promise<void> {
  const { root, compiled } = layoutOf(options.root);
  const ownerUrl = options.ownerUrl ?? info.postgres.services[service]?.ownerUrl;
  if (ownerUrl === undefined) throw new Error(`the stack has no database for "${service}"`);
  await run(process.execPath, [join(root, 'services', service, 'src/migrate.ts')], {
    cwd: root,
    log: deployLog(info, `${service}.migrate`),
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, DATABASE_URL: ownerUrl },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}
