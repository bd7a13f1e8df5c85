import { dirname } from 'node:path';
import { registerSystem } from '../register/index.ts';
import { EXIT } from './errors.ts';
import { checked } from './pipeline.ts';
import { progress } from './progress.ts';
import type { Talk } from './talk.ts';

/** Registers what the specs say with the registry and the broker of the environment. Changes go to stdout, one a line. */
export async function registerCommand(config: string, dryRun: boolean, talk: Talk): Promise<number> {
  const steps = progress((line) => talk.say(line));
  try {
    const { system, workspace, diagnostics, sources } = await checked(config, (name) => steps.stage(name));
    if (!system || !workspace) {
      talk.findings(diagnostics, sources, workspace?.root ?? dirname(config));
      return workspace ? EXIT.findings : EXIT.usage;
    }
    const result = await registerSystem({ system, env: process.env, dryRun, stage: (name) => steps.stage(name) });
    talk.findings([...diagnostics, ...result.diagnostics], sources, workspace.root);
    if (talk.format === 'text') for (const line of result.changes) talk.data(line);
    if (result.diagnostics.length > 0) {
      if (talk.format === 'text') talk.say(`${count(result.diagnostics.length, 'finding')}, nothing registered`);
      return EXIT.findings;
    }
    if (talk.format === 'text')
      talk.done(
        [
          count(result.total.schemas, 'schema'),
          count(result.total.topics, 'topic'),
          `${count(result.changes.length, 'change')}${dryRun ? ' to make' : ''}`,
        ].join(' · '),
      );
    return EXIT.clean;
  } finally {
    steps.stop();
  }
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
