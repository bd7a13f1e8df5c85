import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Job } from './load.ts';

/** A client in a process of its own. It measures what its requests cost the server in this thread. */
export interface Client {
  /** Sends requests, and gives how many were answered. Throws if an answer is not 200. */
  fire(job: Job): Promise<number>;
  /** Microseconds of processor time that this thread spends per request. Throws if an answer is not 200. */
  microsPerRequest(job: Job): Promise<number>;
  stop(): void;
}

/** It measures processor time, not requests per second, because the client's own time would distort the ratio. */
export function startClient(): Client {
  // Detached, so that Ctrl-C does not reach it and a round ends with an answer.
  const child = fork(new URL('client.ts', import.meta.url), { detached: true });
  const fire = async (job: Job): Promise<number> => {
    child.send(job);
    const [answer]: unknown[] = await once(child, 'message');
    return doneIn(answer);
  };
  return {
    fire,
    microsPerRequest: async (job) => {
      const before = process.threadCpuUsage();
      const done = await fire(job);
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / done;
    },
    stop: () => child.disconnect(),
  };
}

function doneIn(answer: unknown): number {
  if (typeof answer === 'object' && answer !== null) {
    if ('done' in answer && typeof answer.done === 'number') return answer.done;
    if ('error' in answer) throw new Error(String(answer.error));
  }
  throw new Error('the client sent no result');
}
