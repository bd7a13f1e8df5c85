// Preloaded (--import) into a service that must not compile a schema when it starts, neither with ajv nor with
// fast-json-stringify.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(fileURLToPath(new URL('../../../runtime/package.json', import.meta.url)));
const refuse = () => {
  throw new Error('compiled a schema');
};
require('ajv/dist/core.js').default.prototype.compile = refuse;
const path = require.resolve('fast-json-stringify');
const fastJson = require(path);
require.cache[path].exports = Object.assign(refuse, fastJson, { default: refuse, build: refuse });
