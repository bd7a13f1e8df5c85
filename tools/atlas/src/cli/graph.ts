import { dirname } from 'node:path';
import { mermaid } from '@atlas/templates/docs';
import { catalog } from '../emit/index.ts';
import { EXIT } from '../diagnostics/usageError.ts';
import { checked } from '../pipeline.ts';
import type { graphForms } from './graphForms.ts';
import type { Talk } from './talk.ts';

/** The system as a picture or as data (that of catalog.json), on stdout. */
export async function graph(config: string, form: (typeof graphForms)[number], talk: Talk): Promise<number> {
  const { system, workspace, diagnostics, sources } = await checked(config, () => undefined);
  if (system) {
    talk.data(form === 'json' ? catalog(system) : mermaid(system));
    return EXIT.clean;
  }
  talk.findings(diagnostics, sources, workspace?.root ?? dirname(config));
  return workspace ? EXIT.findings : EXIT.usage;
}
