import {
  deployContracts,
  migrateService,
  type Report,
  type ServicePorts,
  type ServiceProcess,
  spawnService,
  type StackInfo,
  untilReady,
} from '@atlas/stack';
import { SERVICES, type ServiceName } from './services.ts';

export interface Databases {
  readonly ownerUrl: string;
  readonly appUrl: string;
}

export interface SystemOptions {
  /** The namespace of topics, subjects and groups; none by default. */
  readonly namespace?: string;
  /** The databases of the services; those of the stack by default. */
  readonly databases?: Readonly<Record<ServiceName, Databases>>;
  /** The ports of the services; free ones by default. */
  readonly ports?: Pick<ServicePorts, 'of'>;
  readonly signal?: AbortSignal;
  readonly report?: Report;
}

/** The ERP's services, deployed and ready, each in a process of its own. */
export interface System {
  /** The process of a service that was started last. */
  process(service: ServiceName): ServiceProcess;
  /**
   * Starts a service again on the same ports, after it was stopped or killed. `env` has variables that differ this
   * time.
   */
  restart(service: ServiceName, env?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  stop(): Promise<void>;
}

/** The REST address of each service. */
export type Addresses = Readonly<Record<ServiceName, string>>;

export function addressesOf(system: System): Addresses {
  return { orders: system.process('orders').url, inventory: system.process('inventory').url };
}

/**
 * Migrates, registers, grants and starts, and waits until every service is ready. If that fails, stops what it started.
 */
export async function startSystem(stack: StackInfo, options: SystemOptions = {}): Promise<System> {
  const { databases, namespace, ports, signal, report = (): void => undefined } = options;
  const common = { ...(namespace === undefined ? {} : { namespace }), ...(signal === undefined ? {} : { signal }) };
  await Promise.all([
    reported(report, 'migrate', SERVICES.join(', '), async () => {
      for (const service of SERVICES) {
        const ownerUrl = databases?.[service].ownerUrl;
        await migrateService(stack, service, { ...common, ...(ownerUrl === undefined ? {} : { ownerUrl }) });
      }
    }),
    reported(report, 'register', 'schemas, topics and rights', () => deployContracts(stack, common)),
  ]);

  const running = new Map<ServiceName, ServiceProcess>();
  const start = async (service: ServiceName, env: Readonly<Record<string, string>>): Promise<ServiceProcess> => {
    const { rest = 0, admin = 0 } = ports?.of(service) ?? {};
    const started = await spawnService(stack, service, {
      ...common,
      name: `${namespace ?? ''}${service}`,
      env: {
        PORT: String(rest),
        ADMIN_PORT: String(admin),
        ...(databases === undefined ? {} : { DATABASE_URL: databases[service].appUrl }),
        ...env,
      },
    });
    running.set(service, started);
    await untilReady(started, signal === undefined ? {} : { signal });
    return started;
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((started) => started.stop()));
  };
  try {
    await allOrFirstError(
      SERVICES.map((service) => () => reported(report, service, addressOf, () => start(service, {}))),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const process = (service: ServiceName): ServiceProcess => {
    const current = running.get(service);
    if (current === undefined) throw new Error(`${service} was never started`);
    return current;
  };
  return { process, restart: (service, env = {}) => start(service, { ...portsOf(process(service)), ...env }), stop };
}

function portsOf({ url, adminUrl }: ServiceProcess): Record<string, string> {
  return { PORT: new URL(url).port, ADMIN_PORT: new URL(adminUrl).port };
}

function addressOf({ url }: ServiceProcess): string {
  return url;
}

/** Waits for all before it throws, unlike Promise.all, so that everything they started can be stopped. */
async function allOrFirstError<T>(works: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const started = works.map((work) => work());
  await Promise.allSettled(started);
  return Promise.all(started);
}

async function reported<T>(
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
