import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../document/limits.ts';

/** All .avsc files below `avro/` in the configuration's folder, sorted. Avro names are looked up in all of them. */
export async function avroFiles(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = ['avro'];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.name.endsWith('.avsc')) found.push(path);
    }
    if (found.length > limits.documents) break;
  }
  return found.toSorted();
}
