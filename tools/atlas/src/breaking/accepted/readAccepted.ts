import { readFile } from 'node:fs/promises';
import { isObject, type Loc } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { UsageError } from '../../diagnostics/usageError.ts';
import { locsAt, rootCursor, type Cursor } from '../../document/cursor.ts';
import { parseDocument } from '../../document/document.ts';
import { fileStart } from '../../document/workspace.ts';
import { schemaFindings } from '../../jsonschema/findings.ts';
import { syntaxFinding } from '../../load/findings.ts';
import accepted from './compiled/accepted.js';

/** A break that somebody has accepted with a reason, until the end of a day. */
export interface AcceptedBreak {
  readonly fingerprint: string;
  readonly change: string;
  readonly reason: string;
  readonly by: string;
  /** The last day on which it counts, as `2031-12-31` (UTC). */
  readonly expires: string;
  /** The place of the entry. */
  readonly loc: Loc;
}

export interface AcceptedFile {
  readonly breaks: readonly AcceptedBreak[];
  readonly text: string;
  /** What is wrong with the file. If there is anything, `breaks` is empty. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a file of accepted breaks; `shown` is its path in places. Gives undefined if there is no file, and a
 * `UsageError` if it can't be read.
 */
export async function readAccepted(path: string, shown: string): Promise<AcceptedFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') return undefined;
    throw new UsageError(`${shown}: the file cannot be read (${code})`);
  }
  const { document, problems } = parseDocument(shown, text);
  const refused = (diagnostics: readonly Diagnostic[]): AcceptedFile => ({ breaks: [], text, diagnostics });
  if (problems.length > 0) return refused(problems.map((problem) => syntaxFinding(document, problem)));
  const root = rootCursor(new Map([[shown, document]]), shown);
  if (!root) return refused([invalid({ message: 'the file is empty', loc: fileStart(shown), fix: 'remove it' })]);
  const findings = schemaFindings(accepted, root.value, (pointer) => locsAt(document, pointer));
  if (findings.length > 0) return refused(findings.map(({ complaint: _, pointer: __, ...found }) => invalid(found)));
  const breaks = (root.get('breaks')?.items() ?? []).map(breakOf);
  const twice = breaks.filter(
    ({ fingerprint }, index) => breaks.findIndex((one) => one.fingerprint === fingerprint) < index,
  );
  const repeated = twice.map(({ fingerprint, loc }) =>
    invalid({ message: `fingerprint ${fingerprint} is accepted twice`, loc, fix: 'remove one of the two entries' }),
  );
  return repeated.length > 0 ? refused(repeated) : { breaks, text, diagnostics: [] };
}

function invalid(finding: Omit<Diagnostic, 'code' | 'severity'>): Diagnostic {
  return { code: 'ATL9001', severity: 'error', ...finding };
}

function breakOf(cursor: Cursor): AcceptedBreak {
  const entry = isObject(cursor.value) ? cursor.value : {};
  const text = (key: string): string => String(entry[key]);
  return {
    fingerprint: text('fingerprint'),
    change: text('change'),
    reason: text('reason'),
    by: text('by'),
    expires: text('expires'),
    loc: cursor.valueLoc,
  };
}
