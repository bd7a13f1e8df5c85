import { fireAway, type Job } from './load.ts';

/** The process of the client. It receives jobs, and sends the number of answers or the error. */
process.on('message', (job: Job) => void answer(job));

async function answer(job: Job): Promise<void> {
  try {
    process.send?.({ done: await fireAway(job) });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) });
  }
}
