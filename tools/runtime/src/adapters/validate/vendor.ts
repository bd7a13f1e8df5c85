// A reference rather than an include: repositories that only use the package compile it too.
/// <reference path="./fastJsonStringify.d.ts" />
import equalModule from 'ajv/dist/runtime/equal.js';
import ucs2lengthModule from 'ajv/dist/runtime/ucs2length.js';
import formatsModule from 'ajv-formats/dist/formats.js';
import Serializer from 'fast-json-stringify/lib/serializer.js';

/** Deep equality of JSON values: `const`, `enum` of objects and `uniqueItems`. */
export const equal = equalModule.default;

/** Length in code points, as JSON Schema counts (RFC 8259 strings, not UTF-16 units). */
export const ucs2length = ucs2lengthModule.default;

/** The formats that need more than a regular expression: dates have real days, int64 has bounds. */
export const formats = formatsModule.fullFormats;

/** Writers of single values, shared by all generated serialisers. */
export const serializer = new Serializer({ mode: 'standalone' });
