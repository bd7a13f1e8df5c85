import { Command, Option } from 'commander';
import { mintToken } from '../auth/mintToken.ts';
import { readStack } from '../info.ts';
import { stackDown } from '../lifecycle/down.ts';
import { isUp, stackStatus } from '../lifecycle/status.ts';
import { stackUp } from '../lifecycle/up.ts';
import { layoutOf } from '../layout.ts';
import { progress } from './progress.ts';
import { statusTable } from './statusTable.ts';

interface Common {
  readonly root?: string;
}

/** The commands. Each throws on failure; `status` tells `exit` with which code to end. */
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

  command('up', 'start what does not run yet, and wait until all of it answers')
    .addOption(new Option('--services <names>', 'services beside those of the specs, with commas').argParser(namesOf))
    .action(async ({ root, services }: Common & { services?: readonly string[] }) => {
      const report = progress(process.stdout);
      const info = await stackUp({ signal, report, ...rooted(root), ...(services === undefined ? {} : { services }) });
      const names = Object.keys(info.postgres.services);
      console.log(`\nup, for ${names.join(', ')}; logs in ${info.logs}`);
    });
  command('down', 'stop it; data is kept').action(async ({ root }: Common) => {
    await stackDown({ ...rooted(root), report: progress(process.stdout) });
  });
  command('clean', 'stop it and forget its data, passwords and logs (downloads are kept)').action(
    async ({ root }: Common) => {
      await stackDown({ ...rooted(root), forget: true, report: progress(process.stdout) });
      console.log(`\nforgotten: ${layoutOf(root).dir}`);
    },
  );
  command('status', 'say what runs and where its logs are; exit code 0 when everything does').action(
    async ({ root }: Common) => {
      const statuses = await stackStatus(root);
      console.log(statusTable(statuses));
      const up = isUp(statuses, root);
      if (!up) console.log(`\n${NOT_UP}`);
      exit(up ? 0 : 1);
    },
  );
  command('token', 'print a bearer token of the running stack, valid for an hour')
    .addOption(new Option('--roles <names>', 'with commas').argParser(namesOf).default(['ops', 'admin'], 'ops,admin'))
    .addOption(new Option('--sub <name>', 'who acts').default('you'))
    .action(async ({ root, roles, sub }: Common & { roles: readonly string[]; sub: string }) => {
      const info = readStack(root);
      if (info === undefined)
        throw new Error('no stack is up, so there is nobody to take a token: run "make up" first');
      console.log(await mintToken(info, { sub, roles }));
    });
  return stack;
}

const NOT_UP = 'not all of it answers: "make up" starts what is missing, "make down" stops the rest';

const ENVIRONMENT = `
Environment:
  ATLAS_POSTGRES_URL      use this server (of an administrator) instead of starting one
  ATLAS_KAFKA_BROKERS     the same for Kafka, with ATLAS_KAFKA_USERNAME and ATLAS_KAFKA_PASSWORD of an admin
  ATLAS_REGISTRY_URL      the same for the schema registry: the base of its Confluent API
  ATLAS_REDIS_URL         the same for Redis
  ATLAS_CACHE             folder of downloads, by default $XDG_CACHE_HOME/atlas or ~/.cache/atlas
  ATLAS_STACK_DIR         state folder, by default .atlas/stack of the repository
  ATLAS_JAVA_HOME         the Java to use (21 or newer), by default the newest found`;

function rooted(root: string | undefined): Common {
  return root === undefined ? {} : { root };
}

function namesOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}
