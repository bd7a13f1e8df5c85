import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Workspace } from '../load/index.ts';
export async function checkOfficial(workspace: Workspace): Promise<readonly Diagnostic[]> {
  return workspace.config.version === 1 ? [] : [];
}
