/** Name of the manifest in the output folder. */
export const MANIFEST = 'manifest.json';
