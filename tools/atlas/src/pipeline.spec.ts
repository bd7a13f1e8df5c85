import { expect, it } from 'vitest';
import { caseFolder } from '../test/harness/caseFolder.ts';
import { dryRun, generateFiles } from './pipeline.ts';

it('a dry run makes every text that a run makes', async () => {
  const config = `${caseFolder('bookings')}/specs/atlas.config.yaml`;
  const [dry, wet]: string[][] = [[], []];
  await dryRun(config, (name) => dry?.push(name));
  await generateFiles(
    config,
    (name) => wet?.push(name),
    async () => new Map(),
  );
  expect(dry).toEqual(wet);
});
