/** A folder whose `.avsc` files are read. */
export interface SchemaFolder {
  /** Relative to the configuration's folder; '' is that folder itself. */
  readonly folder: string;
  /** Whether its folders are read too. */
  readonly deep: boolean;
}

/**
 * The folders in which Avro names are looked up: `avro/`, and those of the schemas that a document refers to. Of such a
 * path, the whole first folder is taken, such as `schemas/` for `schemas/events/BookingMade.avsc`. `files` are all
 * documents.
 */
export function schemaFolders(files: Iterable<string>): readonly SchemaFolder[] {
  const folders = new Map([['avro', { folder: 'avro', deep: true }]]);
  for (const file of files) {
    if (!file.endsWith('.avsc')) continue;
    const [first = ''] = file.split('/');
    const folder = first === file ? '' : first;
    folders.set(folder, { folder, deep: folder !== '' });
  }
  return [...folders.values()];
}

/** Folders of tools and packages contain no schemas of the system. */
export function isSkipped(folder: string): boolean {
  return folder === 'node_modules' || folder.startsWith('.');
}
