import type { Issuer } from '../info.ts';
import { layoutOf } from '../layout.ts';
import { type Report, silent } from '../lifecycle/report.ts';
import { stackUp } from '../lifecycle/up.ts';
import { usersOf } from '../lifecycle/users.ts';
import { listeningOf } from './listening.ts';
import { gatewayProgram, type Program, programsOf } from './programs.ts';
import { startSystem, type System } from './system.ts';

export interface DevelopOptions {
  /** The repository; this one by default. */
  readonly root?: string;
  /** The programs to run; by default the services of the specs and the catalog, and the gateway before them. */
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
  const { signal, report = silent, root, issuer = 'local', print } = options;
  const rooted = root === undefined ? {} : { root };
  const programs = chosenOf(root, options.services);
  const info = await stackUp({ ...rooted, with: issuer === 'keycloak' ? [issuer] : [], signal, report });
  usersOf(layoutOf(root)).keep();
  let system: System | undefined;
  try {
    system = await startSystem(info, {
      ...rooted,
      programs,
      issuer,
      signal,
      watch: true,
      // A program says itself that it is up, each time that it starts.
      report: (part, phase, text) => {
        if (phase !== 'up' || !programs.some(({ name }) => name === part)) report(part, phase, text);
      },
      onLine: (program, line) => follow(program, line, report, print),
    });
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  } catch (error) {
    // an end that was asked for is not a failure, also if a service was not ready yet
    if (!signal.aborted) throw error;
  } finally {
    await system?.stop();
  }
}

/** The programs with these names, or all. Throws if there is none with a name. */
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

/** Shows that a service listens again, and what it prints while it cannot log. */
function follow(service: string, line: string, report: Report, print: (line: string) => void): void {
  const listening = listeningOf(line);
  if (listening) report(service, 'up', `${listening.url}/docs, since ${new Date().toISOString().slice(11, 23)}`);
  else if (!line.startsWith('{') && line.trim() !== '') print(`${service}  ${line}`);
}
