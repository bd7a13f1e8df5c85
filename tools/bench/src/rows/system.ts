import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type Erp, startErp } from '@atlas/erp';
import { readStack } from '@atlas/stack';
import { compared } from '../measure.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 3;
const MEBIBYTE = 1_048_576;

/** Starting all services and the gateway, and the memory that they take. */
export const systemRow: Row = {
  id: 'system',
  about: 'the start of all services and the gateway, and their memory before the first request',
  needsStack: true,
  run: async (measuring) => {
    const info = readStack();
    if (info === undefined) throw new NotMeasurable('no stack is up');
    const beforeRound = measuring('system: start and memory');
    const [first, again, memory, empty]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = 1; round <= ROUNDS; round++) {
      beforeRound(round, ROUNDS);
      const began = performance.now();
      const erp = await startErp(info, { isolated: `system_${process.pid}_${round}` });
      try {
        first.push(performance.now() - began);
        again.push(await restarted(erp));
        const sizes = await Promise.all(erp.system.processes().map(({ adminUrl }) => memoryOf(adminUrl)));
        memory.push(sizes.reduce((sum, size) => sum + size, 0));
        empty.push(sizes.length * (await emptyProcess()));
      } finally {
        await erp.stop();
      }
    }
    return [
      {
        title: 'system: all services and the gateway, until ready',
        unit: 'ms',
        comparison: compared({ name: 'again', values: again }, [{ name: 'on empty databases', values: first }]),
        note: 'side by side, each in a process of its own, the servers being up; on empty databases also the migrations, topics, schemas and rights',
      },
      {
        title: 'system: memory of all services and the gateway',
        unit: 'MB',
        comparison: compared({ name: 'all', values: memory }, [{ name: 'as many empty processes', values: empty }]),
        note: 'resident memory when all are ready, before the first request; without the servers',
      },
    ];
  },
};

/** Stops all programs, and starts them again side by side. Milliseconds until all are ready. */
async function restarted({ system }: Erp): Promise<number> {
  const names = system.processes().map(({ service }) => service);
  await Promise.all(system.processes().map((one) => one.stop()));
  const began = performance.now();
  await Promise.all(names.map((name) => system.restart(name)));
  return performance.now() - began;
}

/** The resident memory of a process in MB, by its own metrics. */
async function memoryOf(adminUrl: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(text)?.[1]) / MEBIBYTE;
}

/** The resident memory in MB of a Node process that does nothing. */
async function emptyProcess(): Promise<number> {
  const child = fork(new URL('../system/empty.ts', import.meta.url));
  const [size]: unknown[] = await once(child, 'message');
  child.disconnect();
  return Number(size) / MEBIBYTE;
}
