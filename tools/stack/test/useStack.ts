import { parseArgs } from 'node:util';
import { command, progress, type UsedRisingStack, withRisingStack } from '../src/index.ts';

// A command like make bench and make demo: it uses the stack that is up, or starts one, until it is interrupted.
const { values } = parseArgs({
  options: { root: { type: 'string' }, fail: { type: 'boolean' }, early: { type: 'boolean' } },
  allowPositionals: true,
});
const rooted = values.root === undefined ? {} : { root: values.root };

await command((signal) =>
  withRisingStack({ ...rooted, signal, report: progress(process.stdout) }, async (stack) => {
    await (values.early === true ? early(stack) : stack.up());
    console.log(`at work; the stack ${stack.stays ? 'stays' : 'goes'}`);
    if (values.fail === true) throw new Error('the work has failed');
    const hour = setTimeout(() => undefined, 3_600_000);
    await new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    clearTimeout(hour);
    return 0;
  }),
);

/** Works with Postgres while other parts still start. */
async function early({ up, signal }: UsedRisingStack): Promise<void> {
  await up('postgres');
  console.log('at work with Postgres');
  if (values.fail === true) return;
  await up();
  signal.throwIfAborted();
}
