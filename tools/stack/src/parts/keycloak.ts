import { mkdirSync } from 'node:fs';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExternalServers } from '../external.ts';
import { cached } from '../fetch/cached.ts';
import { SMALL_JVM } from '../fetch/classData.ts';
import { javaEnvironment } from '../fetch/javaEnvironment.ts';
import { mavenCopy } from '../fetch/maven.ts';
import type { Credentials, KeycloakInfo } from '../info.ts';
import { KeycloakAdmin } from '../keycloak/admin.ts';
import { ensureNotedRealm } from '../keycloak/notedRealm.ts';
import { realmFileOf } from '../keycloak/realmFile.ts';
import { GATEWAY_CLIENT, PASSWORD_CLIENT, realmRepresentation } from '../keycloak/representation.ts';
import type { Layout } from '../layout.ts';
import { run } from '../process/run.ts';
import { until } from '../process/until.ts';
import { secret, type StackState } from '../state.ts';
import { type Part, type PartContext, portOf, withoutSecret } from './part.ts';

export const KEYCLOAK_VERSION = '26.7.3';
/** How long the administrator of a new Keycloak may take. */
const ADMIN_MS = 10_000;
const ARTIFACT = `org.keycloak:keycloak-quarkus-dist:${KEYCLOAK_VERSION}:tar.gz`;

/** Keycloak, with the realm of specs/realm.yaml. Its data is in an H2 file. */
export const keycloak: Part = {
  name: 'keycloak',
  title: 'Keycloak',
  optional: true,
  ports: { keycloak: 18_080 },
  stopSignal: 'SIGTERM',
  check: ({ root }) => {
    realmFileOf(root);
  },
  external: ({ keycloak: own }) => (own === undefined ? undefined : withoutSecret(own.url)),
  address: (state) => urlOf({}, state),
  settings: ({ state }) => [KEYCLOAK_VERSION, ...BUILD, ...startArguments(state)].join(' '),
  plan: async (context) => {
    const { layout, state } = context;
    const [java, built] = await Promise.all([context.java(), fetchKeycloak(context)]);
    const home = join(layout.data, 'keycloak');
    await linkHome(home, built);
    const env = {
      ...javaEnvironment(),
      KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN,
      KC_BOOTSTRAP_ADMIN_PASSWORD: secret(state, 'keycloak:admin'),
    };
    return { command: java.command, args: [...jvm(home, built), 'start', ...startArguments(state)], cwd: home, env };
  },
  // the port answers 503 until the first realm is there
  ready: async ({ external, state }) =>
    (await fetch(`${urlOf(external, state)}/realms/master`, { signal: AbortSignal.timeout(5_000) })).ok,
  configure: async ({ layout, state, services, external, signal, tell }) => {
    const file = realmFileOf(layout.root);
    const passwordOf = (user: string): string => secret(state, passwordName(user));
    const gatewaySecret = secret(state, GATEWAY_SECRET);
    const representation = realmRepresentation({ file, audiences: services, passwordOf, gatewaySecret });
    const url = urlOf(external, state);
    const login = (): Promise<KeycloakAdmin> => {
      tell(`checking its realm ${file.realm}`);
      return loginSoon(url, adminOf(external, state), signal);
    };
    if (external.keycloak !== undefined) return (await login()).ensureRealm(representation);
    const note = join(layout.data, 'keycloak', 'realm');
    await ensureNotedRealm({ keycloak: url, representation, note, login });
  },
};

/** A new Keycloak answers as soon as its first realm is stored, and stores its administrator a moment later. */
async function loginSoon(url: string, credentials: Credentials, signal: AbortSignal): Promise<KeycloakAdmin> {
  let admin: KeycloakAdmin | undefined;
  const login = async (): Promise<boolean> => {
    admin = await KeycloakAdmin.login(url, credentials, signal);
    return true;
  };
  await until(login, { signal, every: 250, timeout: ADMIN_MS });
  // the last try says why
  return admin ?? KeycloakAdmin.login(url, credentials, signal);
}

/** Addresses and users of a running Keycloak. */
export function keycloakInfo(layout: Layout, external: ExternalServers, state: StackState): KeycloakInfo {
  const { realm, users } = realmFileOf(layout.root);
  const url = urlOf(external, state);
  const within = `${url}/realms/${realm}`;
  return {
    url,
    issuer: `${external.keycloak?.publicUrl ?? url}/realms/${realm}`,
    jwksUrl: `${within}/protocol/openid-connect/certs`,
    client: PASSWORD_CLIENT,
    gateway: {
      discoveryUrl: `${within}/.well-known/openid-configuration`,
      clientId: GATEWAY_CLIENT,
      clientSecret: secret(state, GATEWAY_SECRET),
    },
    admin: adminOf(external, state),
    users: Object.fromEntries(
      Object.entries(users).map(([username, { roles }]) => [
        username,
        { username, password: secret(state, passwordName(username)), roles },
      ]),
    ),
  };
}

const ADMIN = 'admin';
const GATEWAY_SECRET = 'keycloak:client:gateway';

const passwordName = (user: string): string => `keycloak:user:${user}`;

function adminOf(external: ExternalServers, state: StackState): Credentials {
  const { username, password } = external.keycloak ?? { username: ADMIN, password: secret(state, 'keycloak:admin') };
  return { username, password };
}

function urlOf(external: ExternalServers, state: StackState): string {
  return external.keycloak?.url ?? `http://127.0.0.1:${portOf(state, 'keycloak')}`;
}

/** The options at build time. Features that are not used here are left out, which makes each start a little quicker. */
const BUILD = ['--db=dev-file', '--features-disabled=ciba,device-flow,kerberos,par'] as const;

function startArguments(state: StackState): readonly string[] {
  const port = portOf(state, 'keycloak');
  return [
    '--optimized',
    // without this, it looks for a cluster and listens on all addresses
    '--cache=local',
    '--http-enabled=true',
    '--http-host=127.0.0.1',
    `--http-port=${port}`,
    // otherwise the issuer would be the host that the caller names
    `--hostname=http://127.0.0.1:${port}`,
    '--log-level=warn',
  ];
}

/**
 * The options of its start script, without the script itself, which would be one more process. There is no archive of
 * class data as for the other Java programs: it has 140 MB, and writing it makes the first stop ten times as long.
 * Instead, its classes are not verified: Maven has checked the files, and verifying them is a sixth of each start.
 */
function jvm(home: string, built: string): readonly string[] {
  const opened = ['java.lang', 'java.security', 'java.util', 'java.util.concurrent'];
  return [
    '-Xms64m',
    '-Xmx384m',
    '-XX:MaxMetaspaceSize=256m',
    ...SMALL_JVM,
    '-XX:+UnlockDiagnosticVMOptions',
    '-XX:-BytecodeVerificationRemote',
    ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    '--enable-native-access=ALL-UNNAMED',
    '-Duser.language=en',
    '-Duser.country=US',
    '-Dpicocli.disable.closures=true',
    '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
    '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory',
    `-Dkc.home.dir=${home}`,
    `-Djboss.server.config.dir=${join(built, 'conf')}`,
    '-cp',
    join(built, 'lib/quarkus-run.jar'),
    'io.quarkus.bootstrap.runner.QuarkusEntryPoint',
  ];
}

/**
 * Makes a home with its own data folder and links to everything else, because Keycloak expects both in the same folder.
 */
async function linkHome(home: string, built: string): Promise<void> {
  mkdirSync(home, { recursive: true });
  for (const name of ['lib', 'conf', 'providers', 'themes']) {
    await rm(join(home, name), { recursive: true, force: true });
    await symlink(join(built, name), join(home, name));
  }
}

/** Fetches Keycloak and builds it once, which makes each start much quicker. The result is the same for all stacks. */
async function fetchKeycloak({ layout, signal, log, tell, java }: PartContext): Promise<string> {
  const { cache } = layout;
  return cached(`keycloak-${KEYCLOAK_VERSION}`, { cache, signal }, async (draft) => {
    tell('fetching');
    await mavenCopy(ARTIFACT, draft, { cache, log, signal, java });
    tell('unpacking');
    const archive = join(draft, `keycloak-quarkus-dist-${KEYCLOAK_VERSION}.tar.gz`);
    await run('tar', ['-xzf', archive, '--strip-components=1'], { cwd: draft, log, signal });
    await rm(archive);
    tell('building it, once');
    const { command } = await java();
    const args = [...jvm(draft, draft), 'build', ...BUILD];
    await run(command, args, { cwd: draft, log, signal, env: javaEnvironment() });
  });
}
