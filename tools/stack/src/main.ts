import { command } from './cli/command.ts';
import { program } from './cli/program.ts';

await command(async (signal) => {
  let exitCode = 0;
  await program(signal, (code) => (exitCode = code)).parseAsync();
  return exitCode;
});
