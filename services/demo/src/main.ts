import { command } from '@atlas/stack';
import { demo } from './cli/demo.ts';
import { type DemoOptions, HELP, optionsOf } from './cli/options.ts';

const options = parsed();
if (options.help) console.log(HELP);
else await command(async (signal) => ((await demo({ once: options.once, signal, print: console.log })) ? 0 : 1));

function parsed(): DemoOptions {
  try {
    return optionsOf(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}
