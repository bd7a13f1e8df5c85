// A process that keeps the command line loaded and runs one request after the other, each in its own folder.
import { run } from '../../src/cli/main.ts';

process.on('message', async ({ folder, args }) => {
  process.chdir(folder);
  const said = { stdout: '', stderr: '' };
  const kept = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ['stdout', 'stderr']) process[name].write = (text) => ((said[name] += text), true);
  const exit = await run(args);
  Object.assign(process.stdout, { write: kept.stdout });
  Object.assign(process.stderr, { write: kept.stderr });
  process.stdout.removeAllListeners('error');
  process.chdir('/');
  process.send({ exit, ...said });
});
