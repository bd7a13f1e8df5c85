import type { ExternalServers } from '../external.ts';
import type { Java } from '../fetch/java.ts';
import type { Layout } from '../layout.ts';
import type { DaemonCommand } from '../process/daemon.ts';
import type { StackState } from '../state.ts';

export interface PartContext {
  readonly layout: Layout;
  readonly state: StackState;
  readonly services: readonly string[];
  readonly external: ExternalServers;
  readonly signal: AbortSignal;
  /** The log of downloads and other commands of this part. */
  readonly log: string;
  /** Reports what is being done, in a few words. */
  readonly tell: (doing: string) => void;
  readonly java: () => Promise<Java>;
  /** False if another stack that is starting has chosen that port. */
  readonly claim: (port: number) => boolean;
}

/** One server of the stack. Everything except `plan` and `configure` is quick. */
export interface Part {
  readonly name: string;
  /** The name that people know. */
  readonly title: string;
  /** Set if it is started only on request. */
  readonly optional?: true;
  /** Default ports by name. Clients use the first one. */
  readonly ports: Readonly<Record<string, number>>;
  /** Throws if the repository lacks what the part needs. Asked before anything is started. */
  check?(layout: Layout): void;
  /** The address of the external server that is used instead. People read it, so it has no password. */
  external(external: ExternalServers): string | undefined;
  /** The address, for people. */
  address(state: StackState): string;
  /** All settings that need a restart when they change. */
  settings(context: PartContext): string;
  /** Fetches the program, writes its settings and prepares its data folder. Returns the command that starts it. */
  plan(context: PartContext): Promise<DaemonCommand>;
  /** Probes the whole server once, not only its port. */
  ready(context: PartContext): Promise<boolean>;
  /** Configures the running server, or the external one. Runs at every `up`. */
  configure(context: PartContext): Promise<void>;
  /** The signal that stops it gracefully. */
  readonly stopSignal: NodeJS.Signals;
  /** Folders outside the state folder that may have its data. The state may be lost. */
  foreignData?(layout: Layout, state: StackState | undefined): readonly string[];
}

/** The port of that name. Ports are chosen before a part is planned. */
export function portOf(state: StackState, name: string): number {
  const port = state.ports[name];
  if (port === undefined) throw new Error(`no port was chosen for ${name}`);
  return port;
}

/** An address without its credentials. */
export function withoutSecret(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  } catch {
    return '(unreadable address)';
  }
}
