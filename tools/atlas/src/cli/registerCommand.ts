import { dirname } from 'node:path';
import { EXIT, UsageError } from './errors.ts';
import { checked } from './pipeline.ts';
import { progress } from './progress.ts';
import type { Talk } from './talk.ts';

/** Registers what the specs say with the registry and the broker of the environment. */
export async function registerCommand(config: string, dryRun: boolean, talk: Talk): Promise<number> {
  const steps = progress((line) => talk.say(line));
  try {
    const { system, workspace, diagnostics, sources } = await checked(config, (name) => steps.stage(name));
    if (!system) {
      talk.findings(diagnostics, sources, workspace?.root ?? dirname(config));
      return workspace ? EXIT.findings : EXIT.usage;
    }
    throw new UsageError(`register is not there yet${dryRun ? ' (--dry-run)' : ''}`);
  } finally {
    steps.stop();
  }
}
