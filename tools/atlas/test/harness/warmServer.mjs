// A process that keeps the command line loaded and runs one request after another, each in its folder.
import module from 'node:module';

// The same as in bin/atlas.js. It affects the imports after it.
module.enableCompileCache();
const { run } = await import('../../src/cli/main.ts');

const said = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'])
  process[name].write = (text) => {
    said[name] += text;
    return true;
  };

async function answer({ folder, args }) {
  Object.assign(said, { stdout: '', stderr: '' });
  process.chdir(folder);
  const exit = await run(args);
  process.chdir('/');
  process.stdout.removeAllListeners('error');
  process.send({ exit, ...said });
}

// Errors are not caught, so they end this process.
process.on('message', (request) => void answer(request));
