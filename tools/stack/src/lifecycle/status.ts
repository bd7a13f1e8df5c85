import { join } from 'node:path';
import { externalServers } from '../external.ts';
import { readStack } from '../info.ts';
import { optionalPartsOf } from './optional.ts';
import { type Layout, layoutOf } from '../layout.ts';
import type { Part, PartContext } from '../parts/part.ts';
import { PARTS } from '../parts/parts.ts';
import { runningPrograms, type RunningProgram } from '../process/programFile.ts';
import { readPid } from '../process/pidFile.ts';
import { until } from '../process/until.ts';
import { emptyState, readState } from '../state.ts';

export interface PartStatus {
  readonly part: string;
  readonly state: 'running' | 'no answer' | 'stopped' | 'external' | 'not asked for';
  readonly pid?: number;
  readonly address?: string;
  readonly log: string;
}

/** The status of each part of the stack. Each part is asked. */
export async function stackStatus(root?: string): Promise<readonly PartStatus[]> {
  const layout = layoutOf(root);
  return Promise.all(PARTS.map((part) => statusOf(part, layout)));
}

/** True if every requested part runs and stack.json, which has the addresses, exists. */
export function isUp(statuses: readonly PartStatus[], root?: string): boolean {
  return readStack(root) !== undefined && statuses.every(({ state }) => state !== 'no answer' && state !== 'stopped');
}

export interface ProgramStatus extends RunningProgram {
  readonly state: 'ready' | 'not ready' | 'no answer';
}

/** The programs that run on the stack, however they were started. Each is asked whether it is ready. */
export async function programStatus(root?: string): Promise<readonly ProgramStatus[]> {
  const running = runningPrograms(layoutOf(root).programs);
  return Promise.all(running.map(async (program) => ({ ...program, state: await readinessOf(program) })));
}

async function readinessOf({ adminUrl }: RunningProgram): Promise<ProgramStatus['state']> {
  try {
    const { ok } = await fetch(`${adminUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    return ok ? 'ready' : 'not ready';
  } catch {
    return 'no answer';
  }
}

async function statusOf(part: Part, layout: Layout): Promise<PartStatus> {
  const state = readState(layout) ?? emptyState();
  const external = externalServers();
  const log = join(layout.logs, `${part.name}.log`);
  const context: PartContext = {
    layout,
    state,
    services: state.services,
    external,
    signal: AbortSignal.timeout(10_000),
    log,
    tell: () => undefined,
    claim: () => false,
    java: () => Promise.reject(new Error('a status starts nothing')),
  };
  const answers = (): Promise<boolean> => until(() => part.ready(context), { timeout: 1_000 });
  const wanted = part.optional !== true || optionalPartsOf(layout).has(part.name);
  const elsewhere = wanted ? part.external(external) : undefined;
  if (elsewhere !== undefined) {
    return { part: part.name, state: (await answers()) ? 'external' : 'no answer', address: elsewhere, log };
  }
  const running = readPid(layout.run, part.name);
  if (running === undefined) return { part: part.name, state: wanted ? 'stopped' : 'not asked for', log };
  const answering = await answers();
  return {
    part: part.name,
    state: answering ? 'running' : 'no answer',
    pid: running.pid,
    address: part.address(state),
    log,
  };
}
