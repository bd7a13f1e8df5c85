import type { Loc } from '@atlas/ir';
import { limits } from './limits.ts';
import type { Node, ParseResult } from './node.ts';
import { parseJson } from './parseJson.ts';
import { parseYaml } from './parseYaml.ts';

/** One file that was read. */
export interface SourceDocument {
  /** Relative to the folder of atlas.config.yaml, forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly lines: Lines;
  /** Undefined if the file is empty or broken, which is a finding. */
  readonly root: Node | undefined;
  /** False for Avro schemas, in which a key `$ref` means nothing. */
  readonly hasRefs: boolean;
  /** Whether each node is at one pointer only. YAML aliases give a node several pointers. */
  readonly isTree: boolean;
}

/**
 * Parses a file by its extension: `.json` and `.avsc` as JSON, everything else as YAML. `depth` is the largest number
 * of levels. In `.avsc`, integers keep all digits, because the default of a long has 64 bits.
 */
export function parseDocument(
  file: string,
  text: string,
  depth: number = limits.depth,
): { document: SourceDocument; problems: ParseResult['problems'] } {
  const avro = file.endsWith('.avsc');
  const {
    root,
    problems,
    hasAliases = false,
  } = avro || file.endsWith('.json') ? parseJson(text, { exact: avro, depth }) : parseYaml(text, depth);
  return { document: { file, text, lines: new Lines(text), root, hasRefs: !avro, isTree: !hasAliases }, problems };
}

export function locAt(document: SourceDocument, offset: number, pointer: string): Loc {
  return { file: document.file, ...document.lines.at(offset), pointer };
}

/** Offsets of line starts; turns an offset into a 1-based line and column by binary search. */
export class Lines {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  /** The offset at which a line starts, by its 1-based number. Undefined if there is no such line. */
  startOf(line: number): number | undefined {
    return this.#starts[line - 1];
  }

  at(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
