import { rootCursor, type Cursor } from '../../document/cursor.ts';
import { parseDocument } from '../../document/document.ts';
import { namedSchemasOf } from './names.ts';
import { parseAvroRecord, type ParsedAvro } from './payloads.ts';

/**
 * A registered schema, as it would be in a spec. `references` has the texts of types that it names, by their full
 * names. Empty if Atlas cannot read it, because other producers may register what Atlas refuses in a spec.
 */
export function parseRegistered(
  text: string,
  references: ReadonlyMap<string, string>,
): Omit<ParsedAvro, 'diagnostics'> {
  const root = cursorOf('schema.avsc', text);
  if (!root) return {};
  const files = [...references].flatMap(([name, reference]) => cursorOf(`${name}.avsc`, reference) ?? []);
  return parseAvroRecord(root, namedSchemasOf(files));
}

function cursorOf(file: string, text: string): Cursor | undefined {
  const { document, problems } = parseDocument(file, text);
  return problems.length === 0 ? rootCursor(new Map([[file, document]]), file) : undefined;
}
