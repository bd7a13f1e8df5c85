export { write, type WriteOptions, type WriteResult } from './write.ts';
export { MANIFEST, readManifest, type Manifest } from './manifest.ts';
export { sha256 } from './hash.ts';
