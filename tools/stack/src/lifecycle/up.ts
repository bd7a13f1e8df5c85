import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureKeys } from '../auth/keys.ts';
import { externalServers } from '../external.ts';
import { java as javaOf, type Java } from '../fetch/java.ts';
import type { StackInfo } from '../info.ts';
import { writeSecret } from '../json.ts';
import { type Layout, layoutOf } from '../layout.ts';
import type { Part, PartContext } from '../parts/part.ts';
import { PARTS } from '../parts/parts.ts';
import { portClaims } from '../process/claims.ts';
import { withLock } from '../process/lock.ts';
import { readPid } from '../process/pidFile.ts';
import { until } from '../process/until.ts';
import { checkServiceName, servicesOf, TEST_SERVICES } from '../services.ts';
import { emptyState, readState, saveState, secret, type StackState } from '../state.ts';
import { settingsDigest } from './digest.ts';
import { forgetData } from './forget.ts';
import { infoOf } from './infoOf.ts';
import { checkOptional, optionalPartsOf } from './optional.ts';
import { type Report, silent } from './report.ts';
import { choosePorts, startPart, stopPart } from './startPart.ts';

export interface UpOptions {
  /** The repository; this one by default. */
  readonly root?: string;
  /** Services that neither the specs nor the catalog name. */
  readonly services?: readonly string[];
  /** Optional parts to start as well, such as `keycloak`. They stay for as long as the stack. */
  readonly with?: readonly string[];
  /** An abort ends everything that this call has started. */
  readonly signal?: AbortSignal;
  readonly report?: Report;
}

/** A stack whose parts are starting. Work that needs some parts can begin before the others answer. */
export interface RisingStack {
  /** Waits until these parts answer and are configured; without names, until all are and `stack.json` is written. */
  readonly up: (...parts: readonly string[]) => Promise<void>;
  /**
   * The addresses. A part that has not answered yet may still have to take another port; `up()` throws then, because
   * somebody has an address that is wrong.
   */
  readonly info: () => StackInfo;
  /** Aborts if a part fails, and with the signal of the options. */
  readonly signal: AbortSignal;
}

/**
 * Starts all parts that do not run yet, at the same time, and resolves to the addresses when all parts answer. A
 * running part is restarted only if its settings have changed, such as the broker's if a service was added. If a part
 * fails or the signal aborts, this call stops what it started and throws the first error.
 */
export async function stackUp(options: UpOptions = {}): Promise<StackInfo> {
  const rising = await stackRising(options);
  await rising.up();
  return rising.info();
}

/** Like `stackUp`, but resolves as soon as all ports are chosen. `up()` then throws the first error. */
export function stackRising({
  root,
  services = [],
  with: also = [],
  signal,
  report = silent,
}: UpOptions = {}): Promise<RisingStack> {
  const { promise, resolve, reject } = Promise.withResolvers<RisingStack>();
  const rise = async (): Promise<void> => {
    checkOptional(also);
    const layout = layoutOf(root);
    mkdirSync(layout.dir, { recursive: true });
    const onWait = (pid: number): void =>
      report('stack', 'working', `waiting for process ${pid}, which starts or stops the stack`);
    await withLock(layout.lockFile, () => upLocked(layout, services, also, signal, report, begun), {
      onWait,
      ...(signal === undefined ? {} : { signal }),
    });
  };
  const begun = ({ partsUp, ...rising }: Begun): void => {
    // `all` is asked for below, before this is called
    resolve({
      ...rising,
      up: async (...parts) => {
        if (parts.length === 0) return all;
        await Promise.all(parts.flatMap((part) => partsUp.get(part) ?? []));
      },
    });
  };
  const all = rise();
  all.catch(reject);
  return promise;
}

/** What is known once the ports are chosen. */
interface Begun extends Omit<RisingStack, 'up'> {
  /** Resolve when a part is up, and reject with the first error of any part. */
  readonly partsUp: ReadonlyMap<string, Promise<void>>;
}

async function upLocked(
  layout: Layout,
  extra: readonly string[],
  also: readonly string[],
  signal: AbortSignal | undefined,
  report: Report,
  begun: (begun: Begun) => void,
): Promise<void> {
  const state = await stateOf(layout, extra);
  const external = externalServers();
  const optional = new Set([...also, ...optionalPartsOf(layout)]);
  const parts = PARTS.filter((part) => part.optional !== true || optional.has(part.name));
  for (const part of parts) part.check?.(layout);
  const failure = new AbortController();
  const both = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  let found: Promise<Java> | undefined;
  const contextOf = (part: Part): PartContext => {
    const log = join(layout.logs, `${part.name}.setup.log`);
    const tell = (doing: string): void => report(part.name, 'working', doing);
    const java = (): Promise<Java> => (found ??= javaOf({ cache: layout.cache, signal: both, log, tell }));
    return { layout, state, services: state.services, external, signal: both, log, tell, java, claim: claims.claim };
  };
  const started: Part[] = [];
  const claims = portClaims(join(layout.cache, 'ports'));
  try {
    await preparePorts(parts, layout, state, contextOf);
    const auth = await ensureKeys(layout);
    const given: string[] = [];
    const infoNow = (): StackInfo => infoOf({ layout, state, external, services: state.services, auth, optional });
    // Keycloak comes first, because it must be built after it is fetched, while the others are fetched
    const rising = parts.toReversed().map((part) => {
      const up = bringUp(part, contextOf(part), report, () => started.push(part)).catch((error: unknown) => {
        if (!both.aborted) report(part.name, 'failed', 'failed');
        failure.abort(failed(part, error));
        throw both.reason;
      });
      return [part.name, up] as const;
    });
    const all = Promise.allSettled(rising.map(([, up]) => up));
    const info = (): StackInfo => {
      const now = infoNow();
      given.push(JSON.stringify(now));
      return now;
    };
    begun({ info, signal: both, partsUp: new Map(rising) });
    await all;
    both.throwIfAborted();
    saveState(layout, state);
    const text = JSON.stringify(infoNow());
    if (given.some((early) => early !== text)) throw new Error('another program has taken a port meanwhile: try again');
    writeSecret(layout.infoFile, `${JSON.stringify(infoNow(), null, 2)}\n`);
  } catch (error) {
    await Promise.all(started.map((part) => stopPart(part, layout.run, 2_000)));
    throw error;
  } finally {
    claims.release();
  }
}

// A message for people: the part that failed, and why.
function failed(part: Part, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${part.title}: ${message}`, { cause: error });
}

// Nobody can use data whose passwords are lost, so a stack that has lost its state starts again without data.
async function stateOf(layout: Layout, extra: readonly string[]): Promise<StackState> {
  const known = readState(layout);
  if (known === undefined) {
    await Promise.all(PARTS.map((part) => stopPart(part, layout.run)));
    await forgetData(layout, undefined);
  }
  const { services, ...kept } = known ?? emptyState();
  const names = [...new Set([...services, ...servicesOf(layout.root), ...TEST_SERVICES, ...extra])].sort();
  const state = { ...kept, services: names.map(checkServiceName) };
  // Saved before anything is started, so that no server has a password that was not saved.
  for (const name of ['admin', 'broker', 'cluster', ...names]) secret(state, `kafka:${name}`);
  for (const name of names) for (const role of ['owner', 'app']) secret(state, `postgres:${name}:${role}`);
  for (const name of ['postgres:admin', 'redis', 'keycloak:admin']) secret(state, name);
  saveState(layout, state);
  return state;
}

async function preparePorts(
  parts: readonly Part[],
  layout: Layout,
  state: StackState,
  contextOf: (part: Part) => PartContext,
): Promise<void> {
  for (const part of parts) {
    const known = Object.keys(part.ports).every((name) => state.ports[name] !== undefined);
    const running = readPid(layout.run, part.name);
    if (running !== undefined && known && running.settings === settingsDigest(part, contextOf(part))) continue;
    if (running !== undefined) await stopPart(part, layout.run);
    await choosePorts(part, contextOf(part));
  }
  saveState(layout, state);
}

async function bringUp(part: Part, context: PartContext, report: Report, onStarted: () => void): Promise<void> {
  const { external, layout, signal, state, tell } = context;
  const began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const elsewhere = part.external(external);
  if (elsewhere !== undefined) {
    tell(`looking for ${elsewhere}`);
    const there = await until(() => part.ready(context), { signal, every: 200, timeout: 15_000 });
    if (!there) throw new Error(`${elsewhere}, which the environment names, does not answer`);
    await part.configure(context);
    report(part.name, 'up', `${elsewhere} (not ours)`);
    return;
  }
  if (readPid(layout.run, part.name) !== undefined) {
    if (await until(() => part.ready(context), { signal, timeout: 5_000 })) {
      await part.configure(context);
      report(part.name, 'up', `${part.address(state)} (was running)`);
      return;
    }
    tell('does not answer, starting it again');
    await stopPart(part, layout.run, 2_000);
  }
  await startPart(part, context, onStarted);
  await part.configure(context);
  report(part.name, 'up', `${part.address(state)} (${seconds()})`);
}
