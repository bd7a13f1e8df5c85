import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, or that wait most. Vitest starts with the file that has the most bytes, which says
 * little about its time, so without this list a long file could begin when all others have ended.
 */
export const LONG: readonly string[] = [
  'tools/house/src/canaries/baseline.spec.ts',
  'tools/atlas/src/breaking/http/compareHttp.property.spec.ts',
  'tools/atlas/test/initService.spec.ts',
  'tools/atlas/test/cases.spec.ts',
  'tools/atlas/test/acceptanceRandom.spec.ts',
  'services/demo/test/trouble.e2e.spec.ts',
  'tools/stack/test/lifecycle.int.spec.ts',
  'services/reporting/test/rebuildKilled.int.spec.ts',
  'services/demo/test/trade.e2e.spec.ts',
  'services/reporting/test/rebuild.int.spec.ts',
  'tools/stack/test/image.int.spec.ts',
  'tools/atlas/test/initService.int.spec.ts',
  'tools/runtime/test/crash.int.spec.ts',
  'services/reporting/test/largeFile.int.spec.ts',
  'tools/runtime/test/messaging/slow.int.spec.ts',
];

/** Starts the long files first, in the sequence of the list, and then the others as Vitest does. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONG.findIndex((file) => moduleId.endsWith(`/${file}`));
      return index < 0 ? LONG.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
