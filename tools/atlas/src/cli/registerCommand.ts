import { dirname } from 'node:path';
import { lineOf } from '../register/changes.ts';
import { register } from '../register/register.ts';
import { count } from '../diagnostics/shown.ts';
import { EXIT } from '../diagnostics/usageError.ts';
import { checkedBefore } from './checkedBefore.ts';
import { progress } from './progress.ts';
import type { Talk } from './talk.ts';

/**
 * Registers schemas and topics at the registry and broker of the environment. Prints one change per line to stdout, or
 * one object with findings and changes as JSON.
 */
export async function registerCommand(config: string, dryRun: boolean, talk: Talk): Promise<number> {
  const steps = progress((line) => talk.say(line));
  try {
    const stage = (name: string): void => steps.stage(name);
    const options = { config, env: process.env, dryRun, stage, checked: checkedBefore };
    const { result, diagnostics, sources, root } = await register(options);
    const text = talk.format === 'text';
    const plan = result ? { dryRun, total: result.total, changes: result.changes } : {};
    const { errors } = talk.findings(diagnostics, sources, root ?? dirname(config), plan);
    if (!result || errors > 0) {
      if (text) talk.say(`${count(errors, 'error')}; nothing was registered`);
      return root === undefined ? EXIT.usage : EXIT.findings;
    }
    if (!text) return EXIT.clean;
    for (const change of result.changes) talk.data(lineOf(change, dryRun));
    const changes = `${count(result.changes.length, 'change')}${dryRun ? ' to make' : ''}`;
    talk.done([count(result.total.schemas, 'schema'), count(result.total.topics, 'topic'), changes].join(' · '));
    return EXIT.clean;
  } finally {
    steps.stop();
  }
}
