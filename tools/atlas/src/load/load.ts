import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve as resolvePath, sep } from 'node:path';
import type { Loc } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Cursor, follow, rootCursor, splitRef } from '../document/cursor.ts';
import { type SourceDocument, locAt, parseDocument } from '../document/document.ts';
import { type Bounds, limits } from '../document/limits.ts';
import { EMPTY_FIX } from '../document/parseJson.ts';
import { type AtlasConfig, type Workspace, fileStart, workspaceOf } from '../document/workspace.ts';
import { checkConfig } from './checkConfig.ts';
import { configOf, configuredFiles } from './config.ts';
import { type FileText, fileFinding, refFinding, syntaxFinding } from './findings.ts';
import { missingTypes } from './missingTypes.ts';
import { type FoundRef, avroRefs, scanRefs } from './scanRefs.ts';
import { type SchemaFolder, isSkipped, schemaFolders } from './schemaFolders.ts';

export interface LoadResult {
  /** Absent if the configuration is unusable. */
  readonly workspace?: Workspace;
  readonly diagnostics: readonly Diagnostic[];
  /** Text of every file that was read, for code frames. Present even without a workspace. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads atlas.config.yaml, the documents that it names, all documents that these reach by `$ref`, and the Avro schemas
 * below `avro/` and beside the ones reached. Everything that is wrong in a file becomes a diagnostic (ATL1xxx), and
 * nothing throws.
 */
export async function load(configPath: string, bounds: Bounds = limits): Promise<LoadResult> {
  return new Loader(configPath, bounds).load();
}

/**
 * Reads one document and all documents that it reaches by `$ref`, without a configuration, and the Avro schemas that it
 * names: from the folder `avro/` below `root`, or beside the schema that names them. Nothing outside of `root` is read.
 * Its default is the folder of the document.
 */
export async function loadDocument(path: string, bounds: Bounds, root: string = dirname(path)): Promise<LoadResult> {
  return new Loader(path, bounds, root).loadDocument();
}

/** The configuration of a workspace without one. */
const NO_CONFIG: AtlasConfig = {
  version: 1,
  out: '',
  services: [],
  dlq: '',
  packageName: '',
  migrations: '',
  toxicRoles: [],
  roleGroups: [],
  statements: [],
  callers: [],
  doubles: [],
};

/** A file to read, with the place that refers to it. */
interface Wanted {
  readonly file: string;
  readonly loc: Loc;
}

class Loader {
  readonly #root: string;
  /** The file that is read first: the configuration, or the only document. */
  readonly #configFile: string;
  readonly #bounds: Bounds;
  readonly #documents = new Map<string, SourceDocument>();
  readonly #refs: { readonly document: SourceDocument; readonly found: readonly FoundRef[] }[] = [];
  readonly #asked = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];

  constructor(firstPath: string, bounds: Bounds, root: string = dirname(firstPath)) {
    const path = resolvePath(firstPath);
    this.#bounds = bounds;
    this.#root = resolvePath(root);
    this.#configFile = relative(this.#root, path).split(sep).join('/');
  }

  async load(): Promise<LoadResult> {
    await this.#read([{ file: this.#configFile, loc: fileStart(this.#configFile) }]);
    const config = rootCursor(this.#documents, this.#configFile);
    const document = this.#documents.get(this.#configFile);
    if (!config || !document) return this.#unusable();
    this.#diagnostics.push(...checkConfig(config, document));
    if (this.#diagnostics.length > 0) return this.#unusable();
    const wanted = configuredFiles(config).flatMap(({ file, cursor }) => this.#configured(file, cursor));
    if (this.#diagnostics.length > 0) return this.#unusable();
    await this.#readAll(wanted);
    for (const folder of schemaFolders(this.#documents.keys()))
      await this.#read((await avroFiles(this.#root, folder)).map((file) => ({ file, loc: fileStart(file) })));
    this.#checkRefs();
    const workspace = workspaceOf(this.#root, configOf(config), this.#documents);
    return { workspace, diagnostics: this.#diagnostics, sources: workspace.sources };
  }

  async loadDocument(): Promise<LoadResult> {
    await this.#readAll([{ file: this.#configFile, loc: fileStart(this.#configFile) }]);
    if (!rootCursor(this.#documents, this.#configFile)) return this.#unusable();
    for (const document of await this.#missingTypes()) this.#documents.set(document.file, document);
    this.#checkRefs();
    const workspace = workspaceOf(this.#root, NO_CONFIG, this.#documents);
    return { workspace, diagnostics: this.#diagnostics, sources: workspace.sources };
  }

  async #missingTypes(): Promise<readonly SourceDocument[]> {
    const schemas = [...this.#documents.values()].filter(({ file }) => file.endsWith('.avsc'));
    if (schemas.length === 0) return [];
    const folders = schemaFolders(schemas.map(({ file }) => file));
    const files = await Promise.all(folders.map((folder) => avroFiles(this.#root, folder)));
    return missingTypes(schemas, [...new Set(files.flat())].slice(0, limits.documents), async (file) => {
      const found = await readSource(this.#root, file, this.#bounds.fileBytes);
      return 'text' in found ? found.text : undefined;
    });
  }

  #unusable(): LoadResult {
    const sources = new Map([...this.#documents].map(([file, { text }]) => [file, text]));
    return { diagnostics: this.#diagnostics, sources };
  }

  /** Reads in waves: the files that one wave refers to are the next wave. */
  async #readAll(first: readonly Wanted[]): Promise<void> {
    for (let wave = first; wave.length > 0;) {
      const documents = await this.#read(wave);
      wave = documents.flatMap((document) => this.#wantedBy(document));
    }
  }

  async #read(wave: readonly Wanted[]): Promise<readonly SourceDocument[]> {
    const fresh = wave.filter(({ file }) => !this.#asked.has(file) && this.#asked.add(file));
    const room = limits.documents - this.#documents.size;
    const over = fresh[room];
    if (over)
      this.#diagnostics.push({
        code: 'ATL1102',
        severity: 'error',
        message: `more than ${limits.documents} documents`,
        loc: over.loc,
        fix: 'split the system into several configurations',
      });
    const texts = await Promise.all(
      fresh.slice(0, room).map(async (wanted) => ({
        ...wanted,
        read: await readSource(this.#root, wanted.file, this.#bounds.fileBytes),
      })),
    );
    return texts.flatMap(({ file, loc, read }) => {
      if ('problem' in read) {
        this.#diagnostics.push(fileFinding(file, read, loc, this.#bounds.fileBytes));
        return [];
      }
      return [this.#parse(file, read.text)];
    });
  }

  #parse(file: string, text: string): SourceDocument {
    const { document, problems } = parseDocument(file, text, this.#bounds.depth);
    this.#documents.set(file, document);
    this.#refs.push({ document, found: scanRefs(document) });
    // one by one, because the arguments of a call are on the stack, and a document may have a million problems
    for (const problem of problems) this.#diagnostics.push(syntaxFinding(document, problem));
    for (const finding of avroRefs(document)) this.#diagnostics.push(finding);
    if (!document.root && problems.length === 0)
      this.#diagnostics.push({
        code: 'ATL1103',
        severity: 'error',
        message: 'the file is empty',
        loc: locAt(document, 0, ''),
        fix: EMPTY_FIX,
      });
    return document;
  }

  #configured(file: string, cursor: Cursor): readonly Wanted[] {
    // A path is not a URI, so it contains neither escapes nor a fragment.
    const target = splitRef(this.#configFile, file.replaceAll('%', '%25').replaceAll('#', '%23'));
    if (!('failure' in target)) return [{ file: target.file, loc: cursor.valueLoc }];
    this.#diagnostics.push({
      code: 'ATL1006',
      severity: 'error',
      message: `${JSON.stringify(file)} is outside the folder of ${this.#configFile}`,
      loc: cursor.valueLoc,
      fix: 'write a path relative to the configuration, to a file in its folder or below',
    });
    return [];
  }

  #wantedBy(document: SourceDocument): readonly Wanted[] {
    const found = this.#refs.find((entry) => entry.document === document)?.found ?? [];
    return found.flatMap(({ ref, position, start }) => {
      const target = splitRef(document.file, ref);
      return 'failure' in target ? [] : [{ file: target.file, loc: locAt(document, start, position.pointer) }];
    });
  }

  #checkRefs(): void {
    for (const { document, found } of this.#refs) {
      // most references of a large document are to a few hundred schemas
      const good = new Set<string>();
      for (const { ref, position, start } of found) {
        if (good.has(ref)) continue;
        const resolved = follow(this.#documents, position);
        const finding =
          'failure' in resolved && refFinding(ref, resolved.failure, locAt(document, start, position.pointer));
        if (finding) this.#diagnostics.push(finding);
        // the text in a mapping is not followed here
        else if (!('failure' in resolved) && position.node.kind === 'map') good.add(ref);
      }
    }
  }
}

/** The .avsc files of a folder, sorted. */
async function avroFiles(root: string, { folder: top, deep }: SchemaFolder): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [top];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && deep && !isSkipped(entry.name)) folders.push(path);
      else if (!entry.isDirectory() && entry.name.endsWith('.avsc')) found.push(path);
    }
    if (found.length > limits.documents) break;
  }
  return found.toSorted();
}

/**
 * Reads a UTF-8 text file below `root` of at most `maxBytes`. Links out of `root`, pipes, folders and other bytes are
 * problems.
 */
async function readSource(root: string, file: string, maxBytes: number): Promise<FileText> {
  try {
    const path = await realpath(join(root, file));
    if (!isBelow(await realpath(root), path)) return { problem: 'outside' };
    const info = await stat(path);
    if (!info.isFile()) return { problem: 'not-a-file' };
    if (info.size > maxBytes) return { problem: 'too-big' };
    return decodeUtf8(await readFile(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ELOOP') return { problem: 'loop' };
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return { problem: 'unreadable' };
    return { problem: 'missing', beside: await namesBeside(root, file) };
  }
}

/** The names in the folder of a file, at most as many as a system may have documents. */
async function namesBeside(root: string, file: string): Promise<readonly string[]> {
  try {
    const folder = await realpath(dirname(join(root, file)));
    if (!isBelow(await realpath(root), folder)) return [];
    return (await readdir(folder)).toSorted().slice(0, limits.documents);
  } catch {
    // the folder does not exist either, so there is nothing to suggest
    return [];
  }
}

/** Text without a byte order mark. */
function decodeUtf8(bytes: Uint8Array): FileText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'not-utf8' };
  }
}

function isBelow(root: string, path: string): boolean {
  const relativePath = relative(root, path);
  return relativePath !== '..' && !relativePath.startsWith(`..${sep}`) && !isAbsolute(relativePath);
}
