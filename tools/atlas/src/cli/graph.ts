import { dirname } from 'node:path';
import { mermaid } from '@atlas/templates/docs';
import { catalog } from '../emit/catalog.ts';
import { EXIT } from '../diagnostics/usageError.ts';
import { checkSpecs } from '../pipeline.ts';
import type { Talk } from './talk.ts';

/** Prints the system to stdout: as a Mermaid diagram, or with `json` as the content of catalog.json. */
export async function graph(config: string, json: boolean, talk: Talk): Promise<number> {
  const { system, workspace, diagnostics, sources } = await checkSpecs(config, () => undefined);
  if (system) {
    talk.data(json ? catalog(system) : mermaid(system));
    return EXIT.clean;
  }
  talk.findings(diagnostics, sources, workspace?.root ?? dirname(config));
  return workspace ? EXIT.findings : EXIT.usage;
}
