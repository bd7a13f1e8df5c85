import { posix } from 'node:path';
import type { Loc } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { locAt, type SourceDocument } from '../document/document.ts';
import type { SyntaxProblem } from '../document/node.ts';
import type { RefFailure } from '../document/cursor.ts';
import { limits } from '../document/limits.ts';
import { didYouMean } from '../document/suggest.ts';

/** The text of a source, or why it cannot be read. */
export type FileText =
  | { readonly text: string }
  | {
      readonly problem: 'missing' | 'not-a-file' | 'too-big' | 'not-utf8' | 'outside' | 'loop' | 'unreadable';
      /** What is in its folder, if it is missing. */
      readonly beside?: readonly string[];
    };

/** A problem of a YAML or JSON parser as a diagnostic. */
export function syntaxFinding(document: SourceDocument, problem: SyntaxProblem): Diagnostic {
  return {
    code: problem.code,
    severity: 'error',
    message: problem.message,
    loc: locAt(document, problem.offset, ''),
    fix: problem.fix,
    ...(problem.related
      ? { related: [{ loc: locAt(document, problem.related.offset, ''), message: problem.related.message }] }
      : {}),
  };
}

type FileProblem = Extract<FileText, { problem: string }>['problem'];

const FILE_PROBLEMS: Readonly<Record<FileProblem, readonly [message: string, fix: string]>> = {
  missing: ['does not exist', 'correct the path: it is relative to the file that contains it'],
  'not-a-file': ['is not a file', 'name a YAML or JSON file'],
  'too-big': ['is too big', 'split the document'],
  'not-utf8': ['is not UTF-8 text', 'save it as UTF-8'],
  outside: ['is a link that leads out of the folder of atlas.config.yaml', 'copy the file into that folder'],
  loop: ['is a link that leads back to itself', 'replace the link by the file'],
  unreadable: ['cannot be read', 'check the permissions of the file'],
};

/** A file that cannot be read, at the place of its path. */
export function fileFinding(
  file: string,
  { problem, beside = [] }: { readonly problem: FileProblem; readonly beside?: readonly string[] },
  loc: Loc,
  maxBytes: number,
): Diagnostic {
  const [text, general] = FILE_PROBLEMS[problem];
  const fix = didYouMean(posix.basename(file), beside) ?? general;
  const message = problem === 'too-big' ? `is bigger than ${maxBytes / 1024 / 1024} MiB` : text;
  return { code: 'ATL1101', severity: 'error', message: `file ${JSON.stringify(file)} ${message}`, loc, fix };
}

/** A reference that does not lead to a value. Undefined for an unreadable file, which has its own finding. */
export function refFinding(ref: string, failure: RefFailure, loc: Loc): Diagnostic | undefined {
  const finding = (code: string, message: string, fix: string): Diagnostic => ({
    code,
    severity: 'error',
    message,
    loc,
    fix,
  });
  const text = JSON.stringify(ref);
  switch (failure.kind) {
    case 'file':
      return undefined;
    case 'remote':
      return finding(
        'ATL1113',
        `$ref ${text} is a remote reference`,
        'save the document beside this one and refer to the file',
      );
    case 'outside':
      return finding(
        'ATL1112',
        `$ref ${text} leads out of the folder of atlas.config.yaml`,
        'copy the file into that folder',
      );
    case 'anchor':
      return finding(
        'ATL1110',
        `$ref ${text} has a fragment that is not a JSON Pointer`,
        'write the fragment as #/path/to/it',
      );
    case 'malformed':
      return finding(
        'ATL1110',
        `$ref ${text} is not a well-formed reference`,
        'in a pointer write ~1 for "/", ~0 for "~" and %25 for "%"',
      );
    case 'cycle':
      return finding('ATL1111', `$ref ${text} is circular`, 'make one of the references in the chain lead to a value');
    case 'chain':
      return finding(
        'ATL1111',
        `$ref ${text} goes through more than ${limits.refChain} references`,
        'refer to the value itself',
      );
    case 'pointer':
      return finding(
        'ATL1110',
        `$ref ${text} leads nowhere: ${failure.file} has no ${JSON.stringify(failure.key)} there`,
        didYouMean(failure.key, failure.known) ?? 'correct the reference, or add what it refers to',
      );
  }
}
