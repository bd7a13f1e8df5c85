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
  /** Log of downloads and other helpers of this part. */
  readonly log: string;
  /** Says what is going on, in a few words. */
  readonly tell: (doing: string) => void;
  readonly java: () => Promise<Java>;
  /** False when another start that goes on has chosen that port. */
  readonly claim: (port: number) => boolean;
}

/** One server of the stack. Everything but `plan` and `configure` is quick. */
export interface Part {
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** Its ports: name to the default. The first one is the one that clients use. */
  readonly ports: Readonly<Record<string, number>>;
  /** The address that the environment names instead, for people to read: no password in it. */
  external(external: ExternalServers): string | undefined;
  /** The address for people to read. */
  address(state: StackState): string;
  /** Everything that makes a running process the wrong one when it changes. */
  settings(context: PartContext): string;
  /** Fetches, writes settings, prepares the data folder; gives the command to start. */
  plan(context: PartContext): Promise<DaemonCommand>;
  /** One probe of the whole thing, not only of its port. */
  ready(context: PartContext): Promise<boolean>;
  /** What must hold once it runs (or once an external one is used); asked for again at every `up`. */
  configure(context: PartContext): Promise<void>;
  /** The signal that ends it gracefully. */
  readonly stopSignal: NodeJS.Signals;
  /** Where data of it may lie apart from the state folder; the state may be lost. */
  foreignData?(layout: Layout, state: StackState | undefined): string;
}

/** The port of that name, chosen before a part is planned. */
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
