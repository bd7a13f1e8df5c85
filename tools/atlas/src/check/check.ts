import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Specs } from '../read/specs.ts';
import { withAffected } from './affected.ts';
import type { Rule } from './rule.ts';
import { foreignRules, rules } from './rules/index.ts';
import { checkStandards } from './standards/standards.ts';

/**
 * All findings of the specs: by the standards' own schemas, by Avro and by Atlas's rules. In a file that its standard
 * refuses, the findings of Atlas's rules are left out, because they would only repeat the refusal in other words.
 */
export function check(specs: Specs): readonly Diagnostic[] {
  const standards = checkStandards(specs.workspace);
  const refused = new Set(standards.map(({ loc }) => loc.file));
  const foreign = { ...specs, http: specs.foreign };
  const own = [
    ...specs.avro.findings,
    ...rules.flatMap((rule) => signed(rule, specs)),
    ...foreignRules.flatMap((rule) => signed(rule, foreign)),
  ];
  return withAffected([...standards, ...own.filter(({ loc }) => !refused.has(loc.file))], specs);
}

function signed(rule: Rule, specs: Specs): readonly Diagnostic[] {
  return [...rule.check(specs)].map((finding) => ({ severity: 'error', ...finding, code: rule.code }));
}
