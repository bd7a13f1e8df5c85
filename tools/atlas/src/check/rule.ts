import type { CodeInfo, Finding } from '../diagnostics/diagnostic.ts';
import type { Workspace } from '../load/index.ts';
import type { EventsView } from '../read/asyncapi/events.ts';
import type { HttpView } from '../read/openapi/http.ts';

/** What every rule looks at; taken apart once. */
export interface RuleContext {
  readonly workspace: Workspace;
  readonly http: readonly HttpView[];
  readonly events: EventsView;
}

/** One rule, one code, one file. `check` never throws, whatever the documents hold. */
export interface Rule extends CodeInfo {
  check(context: RuleContext): Iterable<Finding>;
}
