// A process that keeps the command line loaded and runs one request after the other, each in its folder.
import module from 'node:module';

// As bin/atlas.js does. It affects the imports after it.
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

// An error is not handled, so it ends this process.
process.on('message', (request) => void answer(request));
