import { isObject, type JsonObject } from '@atlas/ir';
import type { SafePath } from './draft.ts';

/** The releases of a document in which a change can be made step by step, with their names in safe paths. */
export interface Releases {
  /** The next one that only adds. */
  readonly adding: string;
  /** The next one that may remove something. */
  readonly breaking: string;
}

/**
 * The releases after that of a document, by `info.version` and Semantic Versioning 2.0.0: the minor number adds and the
 * major one breaks (7, 8); before 1.0.0 these are patch and minor. Words if the version is not such a number.
 */
export function releasesAfter({ info }: JsonObject): Releases {
  const version = isObject(info) ? info['version'] : undefined;
  const [, ...numbers] = /^v?(\d{1,9})(?:\.(\d{1,9})(?:\.(\d{1,9})(?:[-+].*)?)?)?$/.exec(String(version)) ?? [];
  if (numbers.length === 0) return { adding: 'the next version', breaking: 'a later version' };
  const [major = 0, minor = 0, patch = 0] = numbers.map((number) => Number(number ?? 0));
  return major === 0
    ? { adding: `0.${minor}.${patch + 1}`, breaking: `0.${minor + 1}.0` }
    : { adding: `${major}.${minor + 1}.0`, breaking: `${major + 1}.0.0` };
}

/**
 * Expand, migrate, contract: what to add first, what clients do then, and what to remove last. `three` gets the
 * operations that the finding reaches, in words.
 */
export function inSteps(releases: Releases, three: (where: string) => readonly [string, string, string]): SafePath {
  return (reaches) => {
    const [expand, migrate, contract] = three(shownOperations(reaches));
    return [`${expand}, and release that as ${releases.adding}`, migrate, `${contract} in ${releases.breaking}`];
  };
}

/**
 * Steps that end with the releases to make them in. `document` is the old version. A schema without a document around
 * it has no releases of its own, so its steps name them in words.
 */
export function withReleases(steps: readonly string[], document: JsonObject): readonly string[] {
  const { adding, breaking } = releasesAfter(document);
  return [...steps, `release the last of these steps as ${breaking}, and those before it as ${adding}`];
}

/** A step names at most so many operations, and counts the others. */
const MOST_NAMED = 2;

function shownOperations(operations: readonly string[]): string {
  const more = operations.length - MOST_NAMED;
  const named = operations.slice(0, MOST_NAMED);
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(' and ');
}
