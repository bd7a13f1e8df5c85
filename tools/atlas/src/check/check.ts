import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Specs } from '../read/specs.ts';
import { withAffected } from './affected.ts';
import type { Rule } from './rule.ts';
import { systemRules } from './rules/system/index.ts';
import { checkStandards } from './standards/standards.ts';

/** Atlas's own rules: one per file, one folder per area. */
interface Area {
  /** Loads the rules. Modules take time, so the rules of an area without documents are not loaded. */
  readonly rules: () => Promise<readonly Rule[]>;
  /** What the rules judge; undefined if there are no documents for them. */
  readonly about: (specs: Specs) => Specs | undefined;
}

const AREAS: readonly Area[] = [
  {
    rules: async () => (await import('./rules/openapi/index.ts')).openapiRules,
    about: (specs) => (specs.http.length + specs.foreign.length > 0 ? specs : undefined),
  },
  {
    rules: async () => (await import('./rules/asyncapi/index.ts')).asyncapiRules,
    about: withEvents,
  },
  { rules: async () => (await import('./rules/avro/index.ts')).avroRules, about: withEvents },
  { rules: async () => systemRules, about: (specs) => specs },
  {
    rules: async () => (await import('./rules/openapi/index.ts')).foreignRules,
    about: (specs) => (specs.foreign.length > 0 ? { ...specs, http: specs.foreign } : undefined),
  },
];

/**
 * All findings of the specs: by the standards' own schemas, by Avro and by Atlas's rules. In a file that its standard
 * refuses, the findings of Atlas's rules are left out, because they would only repeat the refusal in other words.
 */
export async function check(specs: Specs): Promise<readonly Diagnostic[]> {
  const standards = checkStandards(specs.workspace);
  const refused = new Set(standards.map(({ loc }) => loc.file));
  const own = [...specs.avro.findings];
  for (const { rules, about } of AREAS) {
    const judged = about(specs);
    if (judged) own.push(...(await rules()).flatMap((rule) => signed(rule, judged)));
  }
  return withAffected([...standards, ...own.filter(({ loc }) => !refused.has(loc.file))], specs);
}

function withEvents(specs: Specs): Specs | undefined {
  return specs.events.documents.length > 0 ? specs : undefined;
}

function signed(rule: Rule, specs: Specs): readonly Diagnostic[] {
  return [...rule.check(specs)].map((finding) => ({ severity: 'error', ...finding, code: rule.code }));
}
