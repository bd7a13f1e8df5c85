import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { codeFilesIn, type CodeFile } from '../../sides/codeFiles.ts';
import type { Side } from '../../sides/side.ts';
import type { BreakingFinding } from '../../finding.ts';
import type { Api, Operation } from '../api.ts';
import { codeUses, type CodeUses } from './codeUses.ts';

/** A program of the repository. A file is parsed only if it has a text that somebody looks for. */
class Program {
  readonly name: string;
  readonly #files: readonly CodeFile[];
  readonly #uses = new Map<CodeFile, CodeUses>();

  constructor(name: string, files: readonly CodeFile[]) {
    this.name = name;
    this.#files = files;
  }

  /**
   * Whether a file imports one of the modules, and the same or another file calls the operation, because the code that
   * makes a client often passes it on. `paths` is the operation as a path client calls it: `GET /bookings/{id}`.
   */
  calls(modules: readonly string[], operationId: string | undefined, paths: readonly string[]): boolean {
    const imports = modules.some((module) => this.#some(module, ({ modules: all }) => all.has(module)));
    if (!imports) return false;
    if (operationId !== undefined && this.#some(operationId, ({ members }) => members.has(operationId))) return true;
    return paths.some((path) => this.#some(path.replace(/^\S+ /, ''), ({ calls }) => calls.has(path)));
  }

  /** A quick search first, because parsing costs more than reading. */
  #some(text: string, holds: (uses: CodeUses) => boolean): boolean {
    return this.#files.some((file) => file.text.includes(text) && holds(this.#usesOf(file)));
  }

  #usesOf(file: CodeFile): CodeUses {
    const uses = this.#uses.get(file) ?? codeUses(file.shown, file.text);
    this.#uses.set(file, uses);
    return uses;
  }
}

/** The programs of both versions that may call a service. They are read at the first question. */
export class Callers {
  readonly #sides: readonly Side[];
  #programs: Promise<readonly Program[]> | undefined;

  constructor(sides: readonly Side[]) {
    this.#sides = sides;
  }

  /** The findings, each with the programs that call what it reaches through one of the generated clients. */
  async withCallers(
    findings: readonly BreakingFinding[],
    api: Api,
    clients: readonly string[],
  ): Promise<readonly BreakingFinding[]> {
    if (findings.length === 0) return findings;
    this.#programs ??= this.#read();
    const programs = await this.#programs;
    const operations = new Map(api.operations.map((operation) => [operation.id, operation]));
    return findings.map((finding) => {
      if (finding.consumers.length > 0) return finding;
      const reached = finding.reaches.flatMap((id) => operations.get(id) ?? []);
      const calling = programs.filter((program) => reached.some((operation) => calls(program, clients, operation)));
      return { ...finding, consumers: [...new Set(calling.map(({ name }) => name))].toSorted() };
    });
  }

  async #read(): Promise<readonly Program[]> {
    const programs: Program[] = [];
    for (const side of this.#sides) {
      const { config } = side.workspace;
      await side.checkOut?.(config.callers.map((pattern) => pattern.replace(/\/\*$/, '')));
      for (const pattern of config.callers)
        for (const folder of await foldersOf(side, pattern))
          programs.push(new Program(posix.basename(folder), await codeFilesIn(side, folder)));
    }
    return programs;
  }
}

function calls(program: Program, clients: readonly string[], { method, path, bases, operationId }: Operation): boolean {
  const paths = ['', ...bases].map((base) => `${method} ${base}${path}`);
  return program.calls(clients, operationId, [...new Set(paths)]);
}

/** The folders that a pattern matches: `a/*` is each folder in `a`. */
async function foldersOf({ workspace }: Side, pattern: string): Promise<readonly string[]> {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  const entries = await readdir(join(workspace.root, parent), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => posix.join(parent, name))
    .toSorted();
}
