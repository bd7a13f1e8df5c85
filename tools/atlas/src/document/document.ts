import type { Loc } from '@atlas/ir';
import { Lines } from './lines.ts';
import type { Node, ParseResult } from './node.ts';
import { parseJson } from './parseJson.ts';
import { parseYaml } from './parseYaml.ts';

/** One file that was read. */
export interface SourceDocument {
  /** Relative to the folder of atlas.config.yaml, forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly lines: Lines;
  /** Null where the file is empty or broken: a diagnostic has told. */
  readonly root: Node | undefined;
  /** False for Avro schemas, where a key `$ref` means nothing. */
  readonly hasRefs: boolean;
}

/** Parses a file by its ending: `.json` and `.avsc` as JSON, everything else as YAML. */
export function parseDocument(
  file: string,
  text: string,
): { document: SourceDocument; problems: ParseResult['problems'] } {
  const avro = file.endsWith('.avsc');
  const { root, problems } = avro || file.endsWith('.json') ? parseJson(text) : parseYaml(text);
  return { document: { file, text, lines: new Lines(text), root, hasRefs: !avro }, problems };
}

export function locAt(document: SourceDocument, offset: number, pointer: string): Loc {
  return { file: document.file, ...document.lines.at(offset), pointer };
}
