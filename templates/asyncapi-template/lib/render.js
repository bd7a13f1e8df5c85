import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inNamespace, irFromAsyncApi } from '@atlas/ir';
import { format } from 'oxfmt';

/** The model of a parsed document. `params` are the template's. */
export function modelOf(asyncapi, params) {
  const named = typesBelow(params.avro);
  return irFromAsyncApi({
    document: asyncapi.json(),
    service: params.service,
    file: params.document,
    named: (fullName) => named.get(fullName),
    fingerprint: (text) => createHash('sha256').update(text).digest('hex').slice(0, 32),
  });
}

/** Formats as `atlas generate` does. */
export async function formatted({ path, text }) {
  const { code, errors } = await format(path, text, { printWidth: 120, singleQuote: true });
  if (errors.length > 0) throw new Error(`generated text of ${path} does not parse: ${errors[0].message}`);
  return { path, text: code };
}

/** Types that the .avsc files below a folder define at their root, by full name; of two, the first file's. */
function typesBelow(folder) {
  const named = new Map();
  if (folder === '') return named;
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.avsc'));
  for (const file of files.toSorted((left, right) => (left < right ? -1 : 1))) {
    const schema = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const name = inNamespace(schema.name, schema.namespace ?? '');
    if (!named.has(name)) named.set(name, schema);
  }
  return named;
}
