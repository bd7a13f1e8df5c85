import { join, relative } from 'node:path';
import { Command, Option } from 'commander';
import { mintToken } from '../auth/mintToken.ts';
import { deployContracts, registerEnvironment } from '../deploy/contracts.ts';
import { deploySystem } from '../deploy/deploySystem.ts';
import { develop } from '../deploy/develop.ts';
import { programEnvironment } from '../deploy/programEnvironment.ts';
import { gatewayProgram, type Program, programsOf } from '../deploy/programs.ts';
import { type Issuer, type KeycloakInfo, readStack, type StackInfo } from '../info.ts';
import { login } from '../keycloak/login.ts';
import { stackDown } from '../lifecycle/down.ts';
import { checkOptional } from '../lifecycle/optional.ts';
import { isUp, type PartStatus, programStatus, type ProgramStatus, stackStatus } from '../lifecycle/status.ts';
import { stackUp } from '../lifecycle/up.ts';
import { usersOf } from '../lifecycle/users.ts';
import { layoutOf } from '../layout.ts';
import { progress } from './progress.ts';
import { table } from './table.ts';

interface With {
  readonly with: readonly string[];
}

interface UpFlags {
  readonly services?: readonly string[];
  readonly deploy?: boolean;
}

interface Common {
  readonly root?: string;
}

/** The commands. Each throws on failure. `status` calls `exit` with the exit code. */
export function program(signal: AbortSignal, exit: (code: number) => void): Command {
  const stack = new Command('stack')
    .description('Starts and stops Postgres, Kafka, the schema registry and Valkey on this machine, without Docker.')
    .showHelpAfterError()
    .addHelpText('after', ENVIRONMENT);
  const command = (name: string, description: string): Command =>
    stack
      .command(name)
      .description(description)
      .addOption(new Option('--root <folder>', 'the repository, by default this one'));

  command('up', 'start what does not run yet and wait until every server answers')
    .addOption(
      new Option('--services <names>', 'more services than the specs name, separated by commas').argParser(namesOf),
    )
    .addOption(withOption('parts to start as well, which stay for as long as the stack'))
    .option('--deploy', 'also migrate the databases of the services, and register topics, schemas and rights')
    .action(async ({ root, services, with: also, deploy }: Common & With & UpFlags) => {
      const report = progress(process.stdout);
      const more = services === undefined ? {} : { services };
      const info = await stackUp({ signal, report, ...rooted(root), ...more, with: also });
      // from now on the stack stays up, even if a demo has started it
      usersOf(layoutOf(root)).keep();
      if (deploy === true) await deploySystem(info, { signal, ...rooted(root), report });
      console.log(`\nevery server answers; logs are in ${relative(process.cwd(), info.logs)}`);
      if (deploy !== true) console.log(NEXT);
    });
  command('down', 'stop the servers and keep their data').action(async ({ root }: Common) => {
    await stackDown({ ...rooted(root), report: progress(process.stdout) });
  });
  command('clean', 'stop the servers and delete their data, passwords and logs (downloads are kept)').action(
    async ({ root }: Common) => {
      await stackDown({ ...rooted(root), forget: true, report: progress(process.stdout) });
      console.log(`\ndeleted: ${layoutOf(root).dir}`);
    },
  );
  command(
    'status',
    'show the servers and programs that run and where their logs are; the exit code is 0 if every server runs',
  ).action(async ({ root }: Common) => {
    const statuses = await stackStatus(root);
    console.log(statusTable(statuses));
    const programs = await programStatus(root);
    if (programs.length > 0) console.log(`\n${programTable(programs)}`);
    const { keycloak } = readStack(root) ?? {};
    if (keycloak !== undefined) console.log(`\n${usersTable(keycloak)}`);
    const up = isUp(statuses, root);
    const none = programs.length === 0 && statuses.every(({ pid }) => pid === undefined);
    if (!up) console.log(`\n${none ? 'nothing runs: "make up" starts the servers' : NOT_UP}`);
    exit(up ? 0 : 1);
  });
  command('token', 'print a bearer token for the running stack, valid for an hour')
    .addOption(
      new Option('--roles <names>', 'roles, separated by commas')
        .argParser(namesOf)
        .default(['ops', 'admin'], 'ops,admin'),
    )
    .addOption(new Option('--sub <name>', 'the user that the token is for').default('you'))
    .addOption(
      new Option('--user <name>', 'log in to Keycloak as this user, for 15 minutes').conflicts(['roles', 'sub']),
    )
    .action(async ({ root, roles, sub, user }: Common & { roles: readonly string[]; sub: string; user?: string }) => {
      const info = running(root);
      console.log(user === undefined ? await mintToken(info, { sub, roles }) : await login(info, user));
    });
  command('env', 'print the environment of a program, or without a name that of "atlas register", as export lines')
    .argument('[program]', 'a service of the specs, or the gateway')
    .addOption(withOption('the issuer of tokens that the program accepts'))
    .action((name: string | undefined, { root, with: also }: Common & With) => {
      const info = running(root);
      const variables =
        name === undefined
          ? registerEnvironment(info)
          : programEnvironment(info, programCalled(name, root), { ...rooted(root), issuer: issuerOf(also) });
      for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quoted(value)}`);
    });
  command('register', 'register topics, schemas and rights of the specs in the running stack').action(
    async ({ root }: Common) => {
      await deployContracts(running(root), { signal, ...rooted(root) });
      console.log('registered: topics, schemas and rights');
    },
  );
  command('run', 'run one program in place of this process; variables that are set override those of the stack')
    .argument('<program>', 'a service of the specs, or the gateway')
    .addOption(withOption('the issuer of tokens that the program accepts'))
    .action((name: string, { root, with: also }: Common & With) => {
      const { root: folder } = layoutOf(root);
      const started = programCalled(name, root);
      const main = join(folder, started.folder, 'src/main.ts');
      const variables = programEnvironment(running(root), started, { ...rooted(root), issuer: issuerOf(also) });
      // in place, so that signals reach the program itself, as in a container
      process.execve?.(process.execPath, [process.execPath, main], { ...variables, ...process.env });
      throw new Error('this system cannot replace a process: use "env" and start the program yourself');
    });
  command('dev', 'run services that start again when their files are saved; the stack is started and stays up')
    .argument('[services...]', 'services to run, by default all of the specs')
    .addOption(withOption('the issuer of tokens that the services accept'))
    .action(async (services: readonly string[], { root, with: also }: Common & With) => {
      const report = progress(process.stdout);
      const chosen = services.length === 0 ? {} : { services };
      await develop({ ...rooted(root), ...chosen, issuer: issuerOf(also), signal, report, print: console.log });
    });
  return stack;
}

function withOption(description: string): Option {
  return new Option('--with <parts>', `${description}: keycloak`)
    .argParser((text) => checkOptional(namesOf(text)))
    .default([]);
}

function issuerOf(also: With['with']): Issuer {
  return also.includes('keycloak') ? 'keycloak' : 'local';
}

function programCalled(name: string, root: string | undefined): Program {
  const gateway = gatewayProgram(root);
  const programs = [...programsOf(root), ...(gateway === undefined ? [] : [gateway])];
  const found = programs.find((program) => program.name === name);
  if (found === undefined)
    throw new Error(`there is no program "${name}" (there is: ${programs.map((program) => program.name).join(', ')})`);
  return found;
}

function running(root: string | undefined): StackInfo {
  const info = readStack(root);
  if (info === undefined) throw new Error('no stack is up: run "make up" first');
  return info;
}

/**
 * Quotes a text as a word of a POSIX shell (XCU, section 2.2.2). Everything between single quotes is literal, except a
 * single quote.
 */
function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

const NEXT = '"make dev" runs the services, "make status" shows what runs, "make down" stops the servers';
const NOT_UP = 'some servers do not answer: "make up" starts what is missing, "make down" stops the rest';

const ENVIRONMENT = `
Environment:
  ATLAS_POSTGRES_URL      use this server instead of starting one; the user must be an administrator
  ATLAS_KAFKA_BROKERS     use this Kafka; ATLAS_KAFKA_USERNAME and ATLAS_KAFKA_PASSWORD are those of an admin, and
                          ATLAS_KAFKA_SERVICE_PASSWORD that of all services, if it has a user for each
  ATLAS_REGISTRY_URL      use this schema registry: the base URL of its Confluent API
  ATLAS_REDIS_URL         use this Redis
  ATLAS_KEYCLOAK_URL      use this Keycloak; ATLAS_KEYCLOAK_USERNAME and ATLAS_KEYCLOAK_PASSWORD are those of an admin,
                          ATLAS_KEYCLOAK_PUBLIC_URL is where people see it, if that differs
  ATLAS_CACHE             folder for downloads, by default $XDG_CACHE_HOME/atlas or ~/.cache/atlas
  ATLAS_STACK_DIR         state folder, by default .atlas/stack of the repository
  ATLAS_JAVA_HOME         the Java to use (21 or newer), by default the newest that is found`;

function statusTable(statuses: readonly PartStatus[]): string {
  const rows = statuses.map(({ part, state, pid, address, log }) => [
    part,
    state,
    pid === undefined ? '-' : String(pid),
    address ?? '-',
    shorter(relative(process.cwd(), log), log),
  ]);
  return table([['PART', 'STATE', 'PID', 'ADDRESS', 'LOG'], ...rows]);
}

function programTable(programs: readonly ProgramStatus[]): string {
  const rows = programs.map(({ name, state, pid, url, log }) => [
    name,
    state,
    String(pid),
    url,
    shorter(relative(process.cwd(), log), log),
  ]);
  return table([['PROGRAM', 'STATE', 'PID', 'ADDRESS', 'LOG'], ...rows]);
}

function usersTable({ users }: KeycloakInfo): string {
  const rows = Object.values(users).map(({ username, password, roles }) => [username, password, roles.join(', ')]);
  return table([['USER', 'PASSWORD', 'ROLES'], ...rows]);
}

function shorter(one: string, other: string): string {
  return one.length < other.length ? one : other;
}

function rooted(root: string | undefined): Common {
  return root === undefined ? {} : { root };
}

function namesOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}
