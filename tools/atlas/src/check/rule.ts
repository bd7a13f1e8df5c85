import type { CodeInfo, Finding } from '../diagnostics/diagnostic.ts';
import type { Specs } from '../read/specs.ts';

/** One rule, one code, one file. `check` never throws, whatever the documents contain. */
export interface Rule extends CodeInfo {
  check(specs: Specs): Iterable<Finding>;
}
