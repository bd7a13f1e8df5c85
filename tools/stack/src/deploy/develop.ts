import type { Issuer } from '../info.ts';
import { layoutOf } from '../layout.ts';
import { type Report, silent } from '../lifecycle/report.ts';
import { stackUp } from '../lifecycle/up.ts';
import { usersOf } from '../lifecycle/users.ts';
import { listeningOf } from './listening.ts';
import { gatewayProgram, type Program, programsOf } from './programs.ts';
import { startSystem, type System } from './system.ts';
import { troubleOf } from './trouble.ts';
import { watchSpecs } from './watchSpecs.ts';

export interface DevelopOptions {
  /** The repository; this one by default. */
  readonly root?: string;
  /** The programs to run; by default the services of the specs and the catalog, and the gateway in front of them. */
  readonly services?: readonly string[];
  /** The issuer whose tokens the services accept. Keycloak is started if it is the issuer. */
  readonly issuer?: Issuer;
  readonly signal: AbortSignal;
  readonly report?: Report;
  /** Prints a warning or an error of a service, or a line that is not a log line, such as a part of a stack trace. */
  readonly print: (line: string) => void;
}

/**
 * Runs services during development: each one restarts when a file that it imports is saved, and the others go on. First
 * starts missing parts of the stack, migrates and registers. Resolves when the signal aborts and the services have
 * ended. The stack stays up.
 */
export async function develop(options: DevelopOptions): Promise<void> {
  const { signal, report = silent, root, issuer = 'local', print } = options;
  const rooted = root === undefined ? {} : { root };
  const programs = chosenOf(root, options.services);
  const info = await stackUp({ ...rooted, with: issuer === 'keycloak' ? [issuer] : [], signal, report });
  usersOf(layoutOf(root)).keep();
  let system: System | undefined;
  let specs: { close(): void } | undefined;
  try {
    system = await startSystem(info, {
      ...rooted,
      programs,
      issuer,
      signal,
      watch: true,
      // Each program itself reports that it is up, at each start.
      report: (part, phase, text) => {
        if (phase !== 'up' || !programs.some(({ name }) => name === part)) report(part, phase, text);
      },
      onLine: follower(report, print),
    });
    const [user] = issuer === 'keycloak' ? Object.keys(info.keycloak?.users ?? {}) : [];
    report(
      'token',
      'up',
      user === undefined ? '"make token ROLES=ops,admin" prints one' : `"make token USER=${user}" prints one`,
    );
    report('specs', 'up', 'after a change, run "make generate"');
    specs = watchSpecs(layoutOf(root).root, specsReporter(report));
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  } catch (error) {
    // a requested end is not a failure, even if a service was not ready yet
    if (!signal.aborted) throw error;
  } finally {
    specs?.close();
    await system?.stop();
  }
}

/** Shows whether code must be generated. The time makes the line of each save another one. */
function specsReporter(report: Report): (newer: readonly string[]) => void {
  return ([first, ...others]) => {
    const time = new Date().toISOString().slice(11, 23);
    if (first === undefined) return report('specs', 'up', `generated code is up to date, since ${time}`);
    const files = others.length === 0 ? first : `${first} and ${others.length} more`;
    report('specs', 'working', `run "make generate": generated code is older than ${files}, since ${time}`);
  };
}

/** The programs with these names, or all. Throws if a name is unknown. */
function chosenOf(root: string | undefined, names: readonly string[] | undefined): readonly Program[] {
  const gateway = gatewayProgram(root);
  const all = [...programsOf(root), ...(gateway ? [gateway] : [])];
  return (
    names?.map((name) => {
      const found = all.find((program) => program.name === name);
      const known = all.map((program) => program.name).join(', ');
      if (found === undefined) throw new Error(`there is no service "${name}" to run: there is ${known}`);
      return found;
    }) ?? all
  );
}

/** How long a warning or error is not shown again, in milliseconds, because some are logged each second. */
const QUIET_MS = 60_000;

/**
 * Shows what a developer has to know: that a service listens again, its warnings and errors, and lines that it prints
 * while it cannot log.
 */
function follower(report: Report, print: (line: string) => void): (service: string, line: string) => void {
  const shown = new Map<string, number>();
  return (service, line) => {
    const listening = listeningOf(line);
    if (listening) report(service, 'up', `${listening.url}/docs, since ${new Date().toISOString().slice(11, 23)}`);
    else if (!line.startsWith('{')) {
      if (line.trim() !== '') print(`${service}  ${line}`);
    } else {
      const trouble = troubleOf(line);
      if (trouble === undefined) return;
      const text = `${service}  ${trouble}`;
      if (performance.now() - (shown.get(text) ?? -Infinity) < QUIET_MS) return;
      shown.set(text, performance.now());
      print(text);
    }
  };
}
