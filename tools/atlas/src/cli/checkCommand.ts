import { dirname } from 'node:path';
import { checkOfficial } from '../check/index.ts';
import { EXIT } from './errors.ts';
import { hasErrors, refused } from './pipeline.ts';
import { progress } from './progress.ts';
import type { Talk } from './talk.ts';

/** Everything that `generate` would refuse, and with `official` what the standards' own tools say. Writes nothing. */
export async function checkCommand(config: string, official: boolean, talk: Talk): Promise<number> {
  const steps = progress((line) => talk.say(line));
  try {
    const result = await refused(config, (name) => steps.stage(name));
    if (official) steps.stage('asking @asyncapi/parser and Redocly');
    const second = official && result.workspace ? await checkOfficial(result.workspace) : [];
    const diagnostics = [...result.diagnostics, ...second];
    talk.findings(diagnostics, result.sources, result.workspace?.root ?? dirname(config));
    if (!hasErrors(diagnostics)) {
      if (talk.format === 'text') talk.done(`${result.workspace?.documents.size ?? 0} documents · no findings`);
      return EXIT.clean;
    }
    return result.workspace ? EXIT.findings : EXIT.usage;
  } finally {
    steps.stop();
  }
}
