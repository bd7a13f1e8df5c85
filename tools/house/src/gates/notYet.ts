/** Folders that the gates of comment widths and of small files do not read yet. The list only shrinks. */
const NOT_YET = [
  'templates/client/',
  'templates/http/plumbing.ts',
  'tools/atlas/src/breaking/',
  'tools/atlas/src/emit/',
  'tools/atlas/src/jsonschema/',
  'tools/atlas/src/plan/',
];

export function isNotYet(file: string): boolean {
  return NOT_YET.some((folder) => file.startsWith(folder));
}
