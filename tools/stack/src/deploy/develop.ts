import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Issuer, StackInfo } from '../info.ts';
import { layoutOf } from '../layout.ts';
import { type Report, silent } from '../lifecycle/report.ts';
import { stackUp } from '../lifecycle/up.ts';
import { usersOf } from '../lifecycle/users.ts';
import { servicesOf } from '../services.ts';
import { deployContracts } from './contracts.ts';
import { listeningOf } from './listening.ts';
import { migrateService } from './migrate.ts';
import { servicePorts } from './servicePorts.ts';
import { type ServiceProcess, spawnService } from './spawnService.ts';
import { untilReady } from './untilReady.ts';

export interface DevelopOptions {
  /** The repository; this one by default. */
  readonly root?: string;
  /** The services to run; by default all that the specs and the catalog name and that have a `src/main.ts`. */
  readonly services?: readonly string[];
  /** Whose tokens the services accept. Keycloak is started if it is the one. */
  readonly issuer?: Issuer;
  readonly signal: AbortSignal;
  readonly report?: Report;
  /** Prints a line of a service that is not one of its log, such as of a stack trace. */
  readonly print: (line: string) => void;
}

/**
 * Runs services as they are being written: each starts again by itself when a file that it imports is saved, and the
 * others go on. Starts what is missing of the stack, migrates and registers first. Resolves when the signal aborts and
 * the services have ended. The stack stays up.
 */
export async function develop(options: DevelopOptions): Promise<void> {
  const { signal, report = silent, root, issuer = 'local' } = options;
  const rooted = root === undefined ? {} : { root };
  const services = options.services ?? runnable(layoutOf(root).root);
  if (services.length === 0) throw new Error('there is no service with a src/main.ts');
  const info = await stackUp({ ...rooted, with: issuer === 'keycloak' ? [issuer] : [], signal, report });
  usersOf(layoutOf(root)).keep();
  await deployAll(info, services, { ...rooted, signal, report });
  const ports = await servicePorts(services);
  const running: ServiceProcess[] = [];
  try {
    const starts = services.map(async (service) => {
      const { rest, admin } = ports.of(service);
      report(service, 'working', 'starting');
      const started = await spawnService(info, service, {
        ...rooted,
        signal,
        watch: true,
        issuer,
        env: { PORT: String(rest), ADMIN_PORT: String(admin) },
        onLine: (line) => follow(service, line, report, options.print),
      });
      running.push(started);
      await untilReady(started, { signal });
    });
    // waits for all before it throws, so that everything they started can be stopped
    await Promise.allSettled(starts);
    await Promise.all(starts);
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  } catch (error) {
    // an end that was asked for is not a failure, also if a service was not ready yet
    if (!signal.aborted) throw error;
  } finally {
    await Promise.all(running.map((service) => service.stop()));
    ports.release();
  }
}

/** Migrates the services and registers the contracts of all, as a deploy does. */
async function deployAll(
  info: StackInfo,
  services: readonly string[],
  { report = silent, ...options }: Pick<DevelopOptions, 'root' | 'signal' | 'report'>,
): Promise<void> {
  report('migrate', 'working', services.join(', '));
  for (const service of services) await migrateService(info, service, options);
  report('migrate', 'up', services.join(', '));
  report('register', 'working', 'schemas, topics and rights');
  await deployContracts(info, options);
  report('register', 'up', 'schemas, topics and rights');
}

/** The services of a repository that can be started. */
function runnable(root: string): readonly string[] {
  return servicesOf(root).filter((service) => existsSync(join(root, 'services', service, 'src/main.ts')));
}

/** Shows that a service listens again, and what it prints while it cannot log. */
function follow(service: string, line: string, report: Report, print: (line: string) => void): void {
  const listening = listeningOf(line);
  if (listening) report(service, 'up', `${listening.url}/docs, since ${new Date().toISOString().slice(11, 23)}`);
  else if (!line.startsWith('{') && line.trim() !== '') print(`${service}  ${line}`);
}
