import { type StackInfo, throughSocket } from '../info.ts';
import { silent } from '../lifecycle/report.ts';
import { allOrFirstError, deploySystem, type Deployment, reported } from './deploySystem.ts';
import { addressVariable, type Program, programsOf } from './programs.ts';
import { servicePorts } from './servicePorts.ts';
import { type ServiceProcess, spawnService, type SpawnOptions } from './spawnService.ts';
import { untilReady } from './untilReady.ts';

type Variables = Readonly<Record<string, string>>;

/** `programs` are those to start; by default the services of the specs. */
export interface SystemOptions extends Deployment, Pick<SpawnOptions, 'watch' | 'issuer'> {
  /** More variables of a program. Every address is known before the first program starts. */
  readonly env?: (program: string, urlOf: (program: string) => string) => Variables;
  /** Runs once everything is deployed, while the programs start. */
  readonly meanwhile?: () => Promise<void>;
  /** Called for each line that a program prints. */
  readonly onLine?: (program: string, line: string) => void;
}

/** The programs of a system, deployed and ready, each in a process of its own. */
export interface System {
  /** The last started process of a program. Throws if the system does not have it. */
  process(program: string): ServiceProcess;
  processes(): readonly ServiceProcess[];
  /**
   * Starts a program again on the same ports, after it was stopped or killed. `env` has variables that differ this
   * time.
   */
  restart(program: string, env?: Variables): Promise<ServiceProcess>;
  stop(): Promise<void>;
}

/**
 * Migrates, registers and grants, then starts all programs side by side, and waits until every one is ready. If that
 * fails, stops what it started. If the stack is still starting, each step begins once the parts that it needs are up.
 */
export async function startSystem(info: StackInfo, options: SystemOptions = {}): Promise<System> {
  const { databases, report = silent, watch = false, issuer, onLine, programs: chosen, env: more, ...others } = options;
  const { up = async () => undefined, meanwhile = async () => undefined, ...deploy } = others;
  const programs = chosen ?? programsOf(deploy.root);
  if (programs.length === 0) throw new Error('there is no service with a src/main.ts');
  await deploySystem(info, { ...deploy, up, programs, report, ...(databases === undefined ? {} : { databases }) });

  await up('redis');
  const ports = await servicePorts(programs.map(({ name }) => name));
  const urlOf = (program: string): string => `http://127.0.0.1:${ports.of(program).rest}`;
  const running = new Map<string, ServiceProcess>();
  const start = async (program: Program, env: Variables): Promise<ServiceProcess> => {
    const { name, isService } = program;
    const beside = programs.filter((other) => other !== program);
    const database = databases?.[name];
    const started = await spawnService(info, program, {
      ...deploy,
      watch,
      ...(issuer === undefined ? {} : { issuer }),
      name: `${deploy.namespace ?? ''}${name}`,
      ...(onLine === undefined ? {} : { onLine: (line) => onLine(name, line) }),
      env: {
        PORT: String(ports.of(name).rest),
        ADMIN_PORT: String(ports.of(name).admin),
        ...(database === undefined ? {} : { DATABASE_URL: throughSocket(info, database.appUrl) }),
        ...(isService
          ? {}
          : {
              ...Object.fromEntries(beside.map((other) => [addressVariable(other.name), urlOf(other.name)])),
              GATEWAY_PUBLIC_URL: urlOf(name),
            }),
        ...more?.(name, urlOf),
        ...env,
      },
    });
    running.set(name, started);
    // a program listens without the issuer of tokens, but it is not ready
    await up();
    await untilReady(started, deploy);
    return started;
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((started) => started.stop()));
    ports.release();
  };
  try {
    await allOrFirstError([
      ...programs.map((one) =>
        reported(
          report,
          one.name,
          ({ url }) => url,
          () => start(one, {}),
        ),
      ),
      meanwhile(),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  const programOf = (name: string): Program => {
    const found = programs.find((program) => program.name === name);
    if (found === undefined) throw new Error(`the system has no program "${name}"`);
    return found;
  };
  return {
    process: (name) => {
      const current = running.get(programOf(name).name);
      if (current === undefined) throw new Error(`${name} was never started`);
      return current;
    },
    processes: () => [...running.values()],
    restart: (name, env = {}) => start(programOf(name), env),
    stop,
  };
}
