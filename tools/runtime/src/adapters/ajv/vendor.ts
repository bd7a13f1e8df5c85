// A reference rather than an include: repositories that only use the package compile it too.
// oxlint-disable-next-line typescript/triple-slash-reference -- there is nothing to import from a file that only declares
/// <reference path="./fastJsonStringify.d.ts" />
import { fullFormats } from 'ajv-formats/dist/formats.js';
import Serializer from 'fast-json-stringify/lib/serializer.js';

/** The formats that need more than a regular expression: dates have real days, int64 has bounds. */
export const formats = fullFormats;

/** Writers of single values, shared by all generated serialisers. */
export const serializer = new Serializer({ mode: 'standalone' });
