/** `node --import` of it: whoever compiles a schema from then on fails, be it with ajv or fast-json-stringify. */
import { createRequire } from 'node:module';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const require = createRequire(realpathSync(fileURLToPath(import.meta.resolve('@atlas/runtime'))));
const refuse = (): never => {
  throw new Error('compiled a schema');
};
for (const name of ['ajv', 'ajv/dist/2020.js']) {
  const module: { default: { prototype: { compile: unknown } } } = require(name);
  module.default.prototype.compile = refuse;
}
const path = require.resolve('fast-json-stringify');
const fastJson: object = require(path);
const cached = require.cache[path];
if (!cached) throw new Error('fast-json-stringify is loaded in another way');
cached.exports = Object.assign(refuse, fastJson, { default: refuse, build: refuse });
