import { parseArgs } from 'node:util';
import { command, progress, withStack } from '../src/index.ts';

// A command like make bench and make demo: it uses the stack that is up, or starts one, until it is interrupted.
const { values } = parseArgs({
  options: { root: { type: 'string' }, fail: { type: 'boolean' } },
  allowPositionals: true,
});
const rooted = values.root === undefined ? {} : { root: values.root };

await command((signal) =>
  withStack({ ...rooted, signal, report: progress(process.stdout) }, async ({ stays }) => {
    console.log(`at work; the stack ${stays ? 'stays' : 'goes'}`);
    if (values.fail === true) throw new Error('the work has failed');
    const hour = setTimeout(() => undefined, 3_600_000);
    await new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    clearTimeout(hour);
    return 0;
  }),
);
