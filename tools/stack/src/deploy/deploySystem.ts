import type { StackInfo } from '../info.ts';
import { type Report, silent } from '../lifecycle/report.ts';
import type { RisingStack } from '../lifecycle/up.ts';
import type { DatabaseUrls } from '../postgres/clone.ts';
import { ensureContracts } from './ensureContracts.ts';
import { migrateService } from './migrate.ts';
import type { DeployOptions } from './options.ts';
import { type Program, programsOf } from './programs.ts';

export interface Deployment extends DeployOptions {
  /** By default the services of the specs. */
  readonly programs?: readonly Program[];
  /** The databases of the services, by name; by default those of the stack. */
  readonly databases?: Readonly<Record<string, DatabaseUrls>>;
  readonly report?: Report;
  /** Waits for parts of the stack; without names, for all. By default all parts are up. */
  readonly up?: RisingStack['up'];
}

/**
 * Migrates the databases of the services and registers all contracts, side by side. A second run changes nothing. On
 * failure throws an error with the end of the log.
 */
export async function deploySystem(
  info: StackInfo,
  { programs, databases, report = silent, up = async () => undefined, ...deploy }: Deployment = {},
): Promise<void> {
  const services = (programs ?? programsOf(deploy.root)).filter(({ isService }) => isService).map(({ name }) => name);
  const migrate = (service: string): Promise<void> => {
    const ownerUrl = databases?.[service]?.ownerUrl;
    return migrateService(info, service, { ...deploy, ...(ownerUrl === undefined ? {} : { ownerUrl }) });
  };
  await allOrFirstError([
    up('postgres').then(() =>
      reported(report, 'migrate', services.join(', '), () => allOrFirstError(services.map(migrate))),
    ),
    up('kafka', 'registry').then(() =>
      reported(report, 'register', 'schemas, topics and rights', () => ensureContracts(info, deploy)),
    ),
  ]);
}

/** Unlike Promise.all, waits for all promises before it throws, so that everything that they started can be stopped. */
export async function allOrFirstError(started: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(started);
  await Promise.all(started);
}

/** Reports when work begins, and how it ends. */
export async function reported<T>(
  report: Report,
  part: string,
  what: string | ((result: T) => string),
  work: () => Promise<T>,
): Promise<T> {
  const began = performance.now();
  report(part, 'working', typeof what === 'string' ? what : 'starting');
  try {
    const result = await work();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    report(part, 'up', `${typeof what === 'string' ? what : what(result)} (${seconds} s)`);
    return result;
  } catch (error) {
    report(part, 'failed', 'failed');
    throw error;
  }
}
