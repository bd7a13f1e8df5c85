import { basename } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Isolated, isolated } from '../isolated.ts';

/**
 * The ERP that all suites of a spec file share, because to start one takes longer than most suites. A suite that
 * changes it for others, such as one that stops a service, changes it back, or is the last one of its file.
 */
export let erp: Isolated;

// A suite runs after the files that it imports, so these hooks are around those of the suites.
beforeAll(async () => {
  const file = basename(expect.getState().testPath ?? '', '.e2e.spec.ts');
  erp = await isolated(`e2e_${file}`);
});
afterAll(() => erp.close());
