import { fireAway, type Job } from './load.ts';

/** The client's process: it gets jobs, and gives the number of answers or what was wrong with one. */
process.on('message', (job: Job) => void answer(job));

async function answer(job: Job): Promise<void> {
  try {
    process.send?.({ done: await fireAway(job) });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) });
  }
}
