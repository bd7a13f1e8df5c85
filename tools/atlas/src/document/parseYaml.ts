import type { JsonValue } from '@atlas/ir';
import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type Document,
  type ErrorCode,
  type Pair,
  type Scalar,
} from 'yaml';
import { tooMany } from './countYaml.ts';
import { limits } from './limits.ts';
import {
  FORBIDDEN_KEY,
  GiveUp,
  scalar,
  sizeOf,
  type Member,
  type Node,
  type ParseResult,
  type SyntaxProblem,
} from './node.ts';
import { duplicateKey, forbiddenKey, numberProblem, tooDeep } from './parseJson.ts';

/** Parses YAML 1.2 (core schema) with offsets, restricted to what JSON can express. Never throws. */
export function parseYaml(text: string, depth: number = limits.depth): ParseResult {
  const problems: SyntaxProblem[] = [];
  try {
    const document = compose(text, depth, problems);
    if (!document) return { problems };
    const converter = new Converter(document, text, depth, problems);
    const root = converter.root();
    return root ? { root, hasAliases: converter.hasAliases, problems } : { problems };
  } catch (error) {
    if (error instanceof GiveUp) return { problems: [...problems, error.problem] };
    // The composer is recursive, so a document within the depth limit may still be too deep for a small stack. A
    // regular expression without room on the stack throws a SyntaxError.
    if (error instanceof RangeError || /stack overflow/i.test(messageOf(error)))
      return { problems: [tooDeep(depth, 0)] };
    return {
      problems: [{ code: 'ATL1103', message: `not YAML: ${messageOf(error)}`, offset: 0, fix: 'fix the YAML' }],
    };
  }
}

function compose(text: string, depth: number, problems: SyntaxProblem[]): Document.Parsed | undefined {
  const composer = new Composer({
    uniqueKeys: false,
    prettyErrors: false,
    strict: true,
    version: '1.2',
    schema: 'core',
  });
  const found = tooMany(text, limits, depth);
  if (found) throw new GiveUp(TOO_MANY[found.of](found.offset));
  const documents: Document.Parsed[] = [];
  const quotes: number[] = [];
  let others = 0;
  for (const token of tokens(text, depth, quotes)) {
    // Each error and each directive with an error becomes an object, and one of them is enough for a finding.
    const isOther = token.type === 'error' || token.type === 'directive';
    if (isOther && ++others > FEW) continue;
    documents.push(...composer.next(token));
    // The composer gives a document when the next one begins. A file may have one, so the others need not be read.
    if (documents.length > 0) break;
  }
  documents.push(...composer.end(true, text.length));
  const [document, second] = documents;
  if (!document) return undefined;
  if (second)
    problems.push({
      code: 'ATL1103',
      message: 'the file has more than one YAML document',
      offset: second.range[0],
      fix: 'give each document a file of its own',
    });
  problems.push(...composerProblems(document, quotes[0]));
  return document.errors.length > 0 ? undefined : document;
}

/** Errors between documents and directives (`%YAML 1.2`) that are looked at. */
const FEW = 100;

/** The first error of the composer, because later ones are mostly its consequences. */
function composerProblems(document: Document.Parsed, openQuote: number | undefined): readonly SyntaxProblem[] {
  if (openQuote !== undefined)
    return [{ code: 'ATL1103', message: 'the quoted text is not closed', offset: openQuote, fix: 'close the quote' }];
  const tab = document.errors.find(({ code }) => code === 'TAB_AS_INDENT');
  if (tab) {
    const fix = 'indent with spaces: YAML does not allow tabs';
    return [{ code: 'ATL1105', message: 'the line is indented with a tab', offset: tab.pos[0], fix }];
  }
  const [first] = document.errors.toSorted((left, right) => left.pos[0] - right.pos[0]);
  // An open bracket swallows the next lines, and their error comes first.
  const bracket = document.errors.find(({ code, message }) => code === 'BAD_INDENT' && message.startsWith('Flow'));
  return [...(first ? [first] : document.warnings)].map(({ code, message, pos }) => ({
    code: 'ATL1103',
    message: firstLine(bracket?.message ?? message),
    offset: pos[0],
    fix: yamlHint(code, bracket?.message ?? message),
  }));
}

/**
 * The syntax tokens. The depth is checked while they are made, so that a deep tree is never built. Offsets of unclosed
 * quotes are added to `quotes`.
 */
function* tokens(text: string, depth: number, quotes: number[]): ReturnType<Parser['next']> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    if (/^["']/.test(lexeme) && (lexeme.length === 1 || !lexeme.endsWith(lexeme.slice(0, 1))))
      quotes.push(parser.offset);
    yield* parser.next(lexeme);
    // A mapping in a block sequence takes two stack entries per level. A flow collection takes one.
    if (parser.stack.length > 2 * depth + 10) throw new GiveUp(tooDeep(depth, parser.offset));
  }
  yield* parser.end();
}

class Converter {
  readonly #document: Document.Parsed;
  readonly #text: string;
  readonly #problems: SyntaxProblem[];
  readonly #anchors = new Map<string, Node | 'open'>();
  readonly #depth: number;
  /** Whether an alias has been read so far. */
  hasAliases = false;
  #weight = 0;

  constructor(document: Document.Parsed, text: string, depth: number, problems: SyntaxProblem[]) {
    this.#document = document;
    this.#text = text;
    this.#depth = depth;
    this.#problems = problems;
  }

  root(): Node | undefined {
    const contents: unknown = this.#document.contents;
    if (contents === null) return undefined;
    return this.#node(contents, 0, 0);
  }

  #node(item: unknown, offset: number, depth: number): Node {
    if (depth > this.#depth) throw new GiveUp(tooDeep(this.#depth, offset));
    if (isAlias(item)) return this.#alias(item.source, item.range?.[0] ?? offset, depth);
    const anchor = isMap(item) || isSeq(item) || isScalar(item) ? item.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const node = this.#plain(item, offset, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #plain(item: unknown, offset: number, depth: number): Node {
    this.#count(1, offset);
    if (isMap(item)) return this.#map(item.items, item.range?.[0] ?? offset, depth);
    if (isSeq(item)) {
      const start = item.range?.[0] ?? offset;
      const items = item.items.map((child) => this.#node(child, start, depth + 1));
      return { kind: 'seq', start, items, value: items.map((child) => child.value), ...sizeOf(items) };
    }
    if (isScalar(item)) return this.#scalar(item, item.range?.[0] ?? offset);
    return scalar(offset, null);
  }

  #map(pairs: readonly Pair[], start: number, depth: number): Node {
    const members = new Map<string, Member>();
    const value: Record<string, JsonValue> = {};
    for (const pair of pairs) {
      const keyStart = isScalar(pair.key) || isAlias(pair.key) ? (pair.key.range?.[0] ?? start) : start;
      const key = this.#key(pair.key, keyStart);
      const node = this.#node(pair.value, keyStart, depth + 1);
      if (key === undefined) continue;
      const first = members.get(key);
      if (key === FORBIDDEN_KEY) this.#problems.push(forbiddenKey(keyStart));
      else if (key === '<<') this.#problems.push(mergeKey(keyStart));
      else if (first) this.#problems.push(duplicateKey(key, keyStart, first.keyStart));
      else {
        members.set(key, { keyStart, node });
        value[key] = node.value;
      }
    }
    return { kind: 'map', start, members, value, ...sizeOf([...members.values()].map(({ node }) => node)) };
  }

  /** Keys are text as written, so that `200:` and `'200':` are the same key; null, lists and maps cannot be keys. */
  #key(key: unknown, offset: number): string | undefined {
    if (isScalar(key)) {
      if (typeof key.value === 'string') return key.value;
      if (key.value !== null && key.source !== undefined) return key.source;
    }
    this.#problems.push({
      code: 'ATL1103',
      message: isScalar(key) ? 'the key is empty' : 'the key is not plain text',
      offset,
      fix: 'write the key as text, in quotes if it has special characters',
    });
    return undefined;
  }

  #scalar(item: Scalar, start: number): Node {
    const raw: unknown = item.value;
    if (raw === null || typeof raw === 'boolean' || typeof raw === 'string') return scalar(start, raw);
    if (typeof raw === 'number') {
      const problem = numberProblem(item.source ?? String(raw), raw, start);
      if (problem) this.#problems.push(problem);
      return scalar(start, problem ? 0 : raw);
    }
    this.#problems.push({
      code: 'ATL1103',
      message: 'the value cannot be expressed in JSON',
      offset: start,
      fix: 'write it in quotes',
    });
    return scalar(start, null);
  }

  #alias(name: string, offset: number, depth: number): Node {
    const node = this.#anchors.get(name);
    if (node === 'open')
      throw new GiveUp({
        code: 'ATL1106',
        message: `alias *${name} is inside its own anchor`,
        offset,
        fix: 'use $ref for values that contain themselves',
      });
    if (node) {
      if (depth + node.height > this.#depth) throw new GiveUp(tooDeep(this.#depth, offset));
      this.#count(node.weight, offset);
      this.hasAliases = true;
      return node;
    }
    this.#problems.push({
      code: 'ATL1103',
      message: `alias *${name} has no anchor before it`,
      offset,
      fix: 'use $ref, or quote text that begins with *',
    });
    return scalar(offset, null);
  }

  #count(weight: number, offset: number): void {
    this.#weight += weight;
    if (this.#weight > limits.values) throw new GiveUp(tooManyValues(Math.min(offset, this.#text.length)));
  }
}

function tooManyValues(offset: number): SyntaxProblem {
  return {
    code: 'ATL1106',
    message: `more than ${limits.values} values once aliases are written out`,
    offset,
    fix: 'split the document, or use $ref instead of YAML aliases',
  };
}

function tooManyFillers(offset: number): SyntaxProblem {
  return {
    code: 'ATL1106',
    message: `more than ${limits.fillers} comments, blank lines, anchors, tags and other words that are not values`,
    offset,
    fix: 'remove some of them, or split the document',
  };
}

function tooManyLines(offset: number): SyntaxProblem {
  return {
    code: 'ATL1106',
    message: `more than ${limits.textLines} lines in texts`,
    offset,
    fix: 'shorten the texts, or split the document',
  };
}

const TOO_MANY = { values: tooManyValues, fillers: tooManyFillers, textLines: tooManyLines } as const;

/** YAML 1.1 had it and 1.2 does not, so half of all parsers would read it as an ordinary key. */
function mergeKey(offset: number): SyntaxProblem {
  return {
    code: 'ATL1115',
    message: 'merge key "<<" is not supported',
    offset,
    fix: 'write the members out, or use $ref or allOf',
  };
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? firstLine(error.message) : String(error);
}

/** The most frequent cause of each error, because the parser only names the symptom. */
const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS: 'put text that begins with * in quotes',
  BAD_DQ_ESCAPE: 'write \\\\ for a backslash, or use single quotes',
  BAD_INDENT: 'start all keys of one object in the same column',
  BAD_SCALAR_START: 'put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put text that contains ": " in quotes, or align the key with its neighbours',
  BLOCK_IN_FLOW: 'close the { or [ before it',
  MISSING_CHAR: 'close the quote or bracket opened before it, or add the colon',
  MULTILINE_IMPLICIT_KEY: 'write the key and its colon on one line',
  TAG_RESOLVE_FAILED: 'remove the tag',
  UNEXPECTED_TOKEN: 'put the whole text in quotes',
};

/** What to do about an error of the YAML parser. */
function yamlHint(code: ErrorCode, message: string): string {
  if (message.startsWith('A block sequence'))
    return 'a list cannot have keys beside it: remove the "- ", or put the list under a key';
  const [, bracket] = /sufficiently indented and end with a (.)/.exec(message) ?? [];
  if (bracket !== undefined) return `close the bracket above with ${bracket}`;
  return HINTS[code] ?? 'fix the YAML';
}
