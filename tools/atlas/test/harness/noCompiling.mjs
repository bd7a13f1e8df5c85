// Preloaded (--import) into a service that must compile no schema when it starts.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../runtime/package.json', import.meta.url));
const ajv = require('ajv/dist/core.js').default;
ajv.prototype.compile = () => {
  throw new Error('compiled a schema');
};
