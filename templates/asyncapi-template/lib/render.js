import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceOfDocument } from '@atlas/cli/asyncapi';
import { format } from 'oxfmt';

/** The model of a parsed document. `params` are the template's. */
export function modelOf(asyncapi, params) {
  return serviceOfDocument({
    document: asyncapi.json(),
    service: params.service,
    file: params.document,
    schemas: schemasBelow(params.avro),
  });
}

/** Formats in the same way as `atlas generate`. */
export async function formatted({ path, text }) {
  const { code, errors } = await format(path, text, { printWidth: 120, singleQuote: true });
  if (errors.length > 0) throw new Error(`generated text of ${path} does not parse: ${errors[0].message}`);
  return { path, text: code };
}

/** The texts of the .avsc files below a folder, by path. */
function schemasBelow(folder) {
  if (folder === '') return new Map();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.avsc'));
  files.sort((left, right) => (left < right ? -1 : 1));
  return new Map(files.map((file) => [`avro/${file}`, readFileSync(join(folder, file), 'utf8')]));
}
