import config from './compiled/config.js';
import { schemaFindings, type SchemaComplaint } from '../jsonschema/findings.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Cursor, locsAt } from '../document/cursor.ts';
import type { SourceDocument } from '../document/document.ts';

const CODES: Readonly<Record<SchemaComplaint, string>> = {
  missing: 'ATL1001',
  'unknown-key': 'ATL1002',
  'unknown-value': 'ATL1003',
  'wrong-type': 'ATL1004',
  other: 'ATL1005',
};

/** Keys of a service that are planned. They are "not supported yet", because "unknown key" would be misleading. */
const PLANNED = ['routes'];

/** Checks the configuration against its JSON Schema, atlas.config.schema.json. */
export function checkConfig(root: Cursor, document: SourceDocument): readonly Diagnostic[] {
  return schemaFindings(config, root.value, (pointer) => locsAt(document, pointer)).map(
    ({ complaint, pointer, ...finding }) => {
      const [, services, , key, ...below] = pointer.split('/');
      const planned = PLANNED.find((name) => services === 'services' && name === key && below.length === 0);
      return {
        ...finding,
        ...(planned === undefined
          ? {}
          : { message: `${JSON.stringify(planned)} is not supported yet`, fix: 'remove it' }),
        code: CODES[complaint],
        severity: 'error',
      };
    },
  );
}
