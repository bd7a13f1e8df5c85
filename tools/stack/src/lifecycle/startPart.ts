import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Part, type PartContext, portOf } from '../parts/part.ts';
import { alive } from '../process/alive.ts';
import { startDaemon } from '../process/daemon.ts';
import { lastLines } from '../process/lastLines.ts';
import { readPid, removePid, writePid } from '../process/pidFile.ts';
import { freePort, isListening } from '../process/ports.ts';
import { stop } from '../process/stop.ts';
import { until } from '../process/until.ts';
import { saveState } from '../state.ts';
import { settingsDigest } from './digest.ts';

/**
 * Milliseconds until a part must answer. Keycloak, the slowest, takes 20 s on two idle cores, and two minutes on busy
 * ones. A part that ends is not waited for.
 */
const PATIENCE = 300_000;
const ATTEMPTS = 3;

/** Chooses a port for each name that has none or whose port is taken. */
export async function choosePorts(part: Part, { state, claim }: Pick<PartContext, 'state' | 'claim'>): Promise<void> {
  for (const [name, first] of Object.entries(part.ports)) {
    const others = new Set(Object.keys(state.ports).flatMap((other) => (other === name ? [] : [state.ports[other]])));
    state.ports[name] = await freePort(state.ports[name], first, (port) => !others.has(port) && claim(port));
  }
}

/**
 * Starts a part and waits until it answers. `onStarted` receives the process id at once, so that an abort can end a
 * part that does not answer yet. If another program has taken the port meanwhile, another port is chosen.
 */
export async function startPart(part: Part, context: PartContext, onStarted: (pid: number) => void): Promise<void> {
  const { layout, state, signal, tell } = context;
  const log = join(layout.logs, `${part.name}.log`);
  await rm(context.log, { force: true });
  for (let attempt = 1; ; attempt += 1) {
    const command = await part.plan(context);
    signal.throwIfAborted();
    tell('starting');
    const pid = await startDaemon(command, log);
    onStarted(pid);
    writePid(layout.run, part.name, { pid, settings: settingsDigest(part, context) });
    const ready = async (): Promise<boolean> => !alive(pid) || (await part.ready(context));
    const inTime = await until(ready, { signal, timeout: PATIENCE });
    if (inTime && alive(pid)) return;
    await stop(pid, part.stopSignal, 2_000);
    removePid(layout.run, part.name);
    signal.throwIfAborted();
    if (attempt < ATTEMPTS && (await portTaken(part, context))) {
      await choosePorts(part, context);
      saveState(layout, state);
      continue;
    }
    const what = inTime ? 'ended while it started' : `did not answer within ${PATIENCE / 1000} s`;
    throw new Error(`it ${what}\n${lastLines(log)}\n  log: ${log}`);
  }
}

/** Ends the part's process, if there is one. */
export async function stopPart(part: Part, run: string, grace?: number): Promise<void> {
  const running = readPid(run, part.name);
  if (running !== undefined) await stop(running.pid, part.stopSignal, grace);
  removePid(run, part.name);
}

async function portTaken(part: Part, { state }: PartContext): Promise<boolean> {
  for (const name of Object.keys(part.ports)) if (await isListening(portOf(state, name))) return true;
  return false;
}
