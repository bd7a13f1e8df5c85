import { CST, Lexer } from 'yaml';

/** What a text has too many of, and where. */
export interface TooMany {
  readonly of: 'values' | 'fillers' | 'textLines';
  readonly offset: number;
}

/**
 * Finds out whether a YAML text has more values than `most`, aliases not written out, or more fillers. Undefined if it
 * has not, or has levels deeper than `depth`, which the parser refuses. It reads the text word by word and keeps
 * nothing, because the trees of a hostile text take gigabytes before its values can be counted in them. It never counts
 * more values than there are, but for a text that is not YAML. A filler is a word that costs time and is not part of a
 * value: a comment, a blank line, an anchor, a tag, a question mark, a directive, the end of a document, or text or a
 * bracket where none can be. The lines of all texts are counted too, because the parser keeps each of them apart.
 */
export function tooMany(
  text: string,
  most: Readonly<Record<TooMany['of'], number>>,
  depth: number,
): TooMany | undefined {
  // a value, a filler or a line takes at least a character
  if (text.length <= Math.min(most.values, most.fillers, most.textLines)) return undefined;
  const counter = new Counter();
  let offset = 0;
  for (const word of new Lexer().lex(text)) {
    counter.read(word);
    if (counter.values > most.values) return { of: 'values', offset };
    if (counter.fillers > most.fillers) return { of: 'fillers', offset };
    if (counter.textLines > most.textLines) return { of: 'textLines', offset };
    if (counter.depth > depth) return undefined;
    if (!VIRTUAL.has(word)) offset += word.length;
  }
  return undefined;
}

/** Words that are never part of a value. Blank lines are found by their place. */
const FILLERS: ReadonlySet<string | null> = new Set([
  'comment',
  'anchor',
  'tag',
  'explicit-key-ind',
  'directive-line',
  'doc-end',
]);

/** Keys, and the contents of values. */
const CONTENTS: ReadonlySet<string | null> = new Set([
  'text',
  'single-quoted-scalar',
  'double-quoted-scalar',
  'alias',
  'flow-seq-start',
  'flow-map-start',
]);

/** Contents that may have several lines. */
const TEXTS: ReadonlySet<string | null> = new Set(['text', 'single-quoted-scalar', 'double-quoted-scalar']);

/** What the lexer adds to the words of the text: the begin of a document, of a scalar, and a broken flow collection. */
const VIRTUAL: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.SCALAR, CST.FLOW_END]);

function linesIn(word: string): number {
  let count = 0;
  for (let at = word.indexOf('\n'); at >= 0; at = word.indexOf('\n', at + 1)) count++;
  return count;
}

class Counter {
  /** The root, and what is counted in it. */
  values = 1;
  /** The ends of lines inside texts. */
  textLines = 0;
  #fillers = 0;
  #contents = 0;
  #isNewLine = true;
  #documents = 0;
  #flow = 0;
  /** Lists that begin on one line, inside each other: `- - - 1`. */
  #dashes = 0;
  #isScalar = false;
  /** Whether another item follows in a flow collection, unless it is closed. */
  #mayFollow = false;

  get depth(): number {
    return Math.max(this.#flow, this.#dashes);
  }

  /** A value has at most a key and a content. */
  get fillers(): number {
    return this.#fillers + Math.max(0, this.#contents - 2 * this.values);
  }

  read(word: string): void {
    const type = this.#isScalar ? 'text' : CST.tokenType(word);
    this.#isScalar = type === 'scalar';
    if (FILLERS.has(type) || (type === 'newline' && this.#isNewLine)) this.#fillers++;
    if (type !== 'space') this.#isNewLine = type === 'newline';
    // an empty text is what the lexer adds where a value is missing
    if (CONTENTS.has(type) && word !== '') this.#contents++;
    if (TEXTS.has(type)) this.textLines += linesIn(word);
    if (type === 'newline') this.#dashes = 0;
    if (type === 'space' || type === 'newline' || type === 'comment' || type === 'scalar') return;
    if (type === 'doc-start') this.#document();
    else if (type === 'flow-error-end') this.#close(0);
    else if (type === 'flow-seq-end' || type === 'flow-map-end') this.#close(this.#flow - 1);
    else if (this.#flow > 0) this.#inFlow(type);
    else this.#inBlock(type);
    if (type !== 'flow-seq-start' && type !== 'flow-map-start') return;
    this.#flow++;
    this.#mayFollow = true;
  }

  #document(): void {
    if (this.#documents++ > 0) this.values++;
  }

  #inFlow(type: string | null): void {
    if (this.#mayFollow) this.values++;
    this.#mayFollow = type === 'comma';
  }

  /** Each item of a list has a dash, and each member of an object has a colon, or a question mark and no colon. */
  #inBlock(type: string | null): void {
    if (type === 'seq-item-ind') this.#dashes++;
    if (type === 'seq-item-ind' || type === 'map-value-ind') this.values++;
  }

  #close(flow: number): void {
    // what closes nothing becomes an error
    if (this.#flow === 0) this.#fillers++;
    this.#flow = Math.max(0, flow);
    this.#mayFollow = false;
  }
}
