import { CST, Lexer } from 'yaml';

/**
 * The offset at which a YAML text has more than `most` values, aliases not written out. Undefined if it has fewer, or
 * levels deeper than `depth`, which the parser refuses. It reads the text word by word and keeps nothing, because the
 * trees of a hostile text take gigabytes before its values can be counted in them. It never counts more values than
 * there are, but for a text that is not YAML.
 */
export function offsetOfTooMany(text: string, most: number, depth: number): number | undefined {
  // a value takes at least a character and what separates it
  if (text.length <= most) return undefined;
  const counter = new Counter();
  let offset = 0;
  for (const word of new Lexer().lex(text)) {
    counter.read(word);
    if (counter.values > most) return offset;
    if (counter.depth > depth) return undefined;
    if (!VIRTUAL.has(word)) offset += word.length;
  }
  return undefined;
}

/** What the lexer adds to the words of the text: the begin of a document, of a scalar, and a broken flow collection. */
const VIRTUAL: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.SCALAR, CST.FLOW_END]);

class Counter {
  /** The root, and what is counted in it. */
  values = 1;
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

  read(word: string): void {
    const type = this.#isScalar ? 'text' : CST.tokenType(word);
    this.#isScalar = type === 'scalar';
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
    this.#flow = Math.max(0, flow);
    this.#mayFollow = false;
  }
}
