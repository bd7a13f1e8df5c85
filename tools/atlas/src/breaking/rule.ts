import type { Draft } from './draft.ts';
import type { Level } from './finding.ts';

/** What a rule reports. The runner adds the level and the fingerprint. */
export type RuleFinding = Omit<Draft, 'level'> & { readonly level?: Level };

/**
 * One rule, one file, one case folder: a change that containment of schemas can't see. `Context` has both versions as
 * the rules of a protocol need them. `check` never throws, whatever the documents contain.
 */
export interface BreakingRule<Context> {
  /** The `change` of its findings, in kebab-case. */
  readonly id: string;
  /** One sentence for `atlas explain` and the reference page: what it finds, and why that hurts. */
  readonly purpose: string;
  readonly level: Level;
  check(context: Context): Iterable<RuleFinding>;
}
