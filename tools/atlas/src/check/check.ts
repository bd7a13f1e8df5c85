import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { avroRecordOf, sharedAvroFindings } from '../read/avro/avroRecords.ts';
import type { Workspace } from '../load/index.ts';
import { withAffected } from './affected.ts';
import type { Rule, RuleContext } from './rule.ts';
import { rules } from './rules/index.ts';
import { checkStandards } from './standards/standards.ts';
import { eventsView } from '../read/asyncapi/events.ts';
import { httpViews } from '../read/openapi/http.ts';

/**
 * Everything that is wrong with a workspace: the standards' own schemas, Avro, and Atlas's rules. A file that its
 * standard refuses is not asked about Atlas's rules, whose findings would only repeat the refusal in other words.
 */
export function check(workspace: Workspace): readonly Diagnostic[] {
  const standards = checkStandards(workspace);
  const refused = new Set(standards.map(({ loc }) => loc.file));
  const context: RuleContext = { workspace, http: httpViews(workspace), events: eventsView(workspace) };
  const own = [...checkAvro(context), ...rules.flatMap((rule) => signed(rule, context))];
  return withAffected([...standards, ...own.filter(({ loc }) => !refused.has(loc.file))], context);
}

function signed(rule: Rule, context: RuleContext): readonly Diagnostic[] {
  return [...rule.check(context)].map((finding) => ({ severity: 'error', ...finding, code: rule.code }));
}

/** The Avro schema of every message that a service of the system owns, then the files beside them. */
function checkAvro({ workspace, events }: RuleContext): readonly Diagnostic[] {
  const payloads = [...events.owned.values()].flatMap(({ messages }) =>
    messages.flatMap(({ cursor }) => avroRecordOf(workspace, cursor)?.diagnostics ?? []),
  );
  return [...payloads, ...sharedAvroFindings(workspace)];
}
