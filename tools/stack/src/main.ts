import { enableCompileCache } from 'node:module';
import { layoutOf } from './layout.ts';

// Before anything else is loaded, because otherwise each start strips the types of all files again.
enableCompileCache(layoutOf().compiled);
const [{ command }, { program }] = await Promise.all([import('./cli/command.ts'), import('./cli/program.ts')]);

await command(async (signal) => {
  let exitCode = 0;
  await program(signal, (code) => (exitCode = code)).parseAsync();
  return exitCode;
});
