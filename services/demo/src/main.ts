import { enableCompileCache } from 'node:module';
import { layoutOf } from '@atlas/stack/layout';
import { type DemoOptions, HELP, optionsOf } from './cli/options.ts';

const options = parsed();
if (options.help) console.log(HELP);
else await run(options.once);

async function run(once: boolean): Promise<void> {
  // Before the rest is loaded, because otherwise each start strips the types of all files again.
  enableCompileCache(layoutOf().compiled);
  const [{ command }, { demo }] = await Promise.all([import('@atlas/stack'), import('./cli/demo.ts')]);
  await command(async (signal) => ((await demo({ once, signal, print: console.log })) ? 0 : 1));
}

function parsed(): DemoOptions {
  try {
    return optionsOf(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}
