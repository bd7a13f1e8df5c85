import { dirname } from 'node:path';
import { checkOfficial } from '../check/official.ts';
import { count } from '../diagnostics/shown.ts';
import { EXIT } from '../diagnostics/usageError.ts';
import { dryRun } from '../pipeline.ts';
import { progress } from './progress.ts';
import type { Talk } from './talk.ts';

/** Reports everything that would make `generate` fail; with `official` also what the official tools report. */
export async function checkCommand(config: string, official: boolean, talk: Talk): Promise<number> {
  const steps = progress((line) => talk.say(line));
  try {
    const result = await dryRun(config, (name) => steps.stage(name));
    if (official) steps.stage('running @asyncapi/parser and Redocly');
    const second = official && result.workspace ? await checkOfficial(result.workspace) : [];
    const diagnostics = [...result.diagnostics, ...second];
    const { errors, warnings } = talk.findings(diagnostics, result.sources, result.workspace?.root ?? dirname(config));
    const line = [
      ...(result.workspace ? [count(result.workspace.documents.size, 'document')] : []),
      ...(errors > 0 ? [count(errors, 'error')] : []),
      ...(warnings > 0 ? [count(warnings, 'warning')] : []),
      ...(errors + warnings === 0 ? ['no errors'] : []),
    ].join(' · ');
    const text = talk.format === 'text';
    if (errors === 0) {
      if (text) talk.done(line);
      return EXIT.clean;
    }
    if (text) talk.say(line);
    return result.workspace ? EXIT.findings : EXIT.usage;
  } finally {
    steps.stop();
  }
}
