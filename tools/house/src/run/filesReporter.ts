import { renameSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestModule, TestSpecification } from 'vitest/node';

/** The environment variable with the path of the file that `FilesReporter` writes. */
export const FILES_STATE = 'ATLAS_FILES_STATE';

/** How far a vitest run is. */
export interface FilesState {
  /** How many test files it has, and how many of them have ended. */
  readonly all: number;
  readonly done: number;
  /** The files that run now, the oldest first. */
  readonly running: readonly string[];
}

/** A reporter of vitest that writes how far it is to a file, which the runner of `make test` shows. */
export default class FilesReporter implements Reporter {
  readonly #path = process.env[FILES_STATE];
  readonly #running = new Set<string>();
  #all = 0;
  #done = 0;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#all = specifications.length;
    this.#write();
  }

  onTestModuleQueued({ moduleId }: TestModule): void {
    this.#running.add(relative('.', moduleId));
    this.#write();
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    this.#running.delete(relative('.', moduleId));
    this.#done += 1;
    this.#write();
  }

  // Renamed, so that the runner never reads half of it.
  #write(): void {
    if (this.#path === undefined) return;
    const state: FilesState = { all: this.#all, done: this.#done, running: [...this.#running] };
    writeFileSync(`${this.#path}.new`, JSON.stringify(state));
    renameSync(`${this.#path}.new`, this.#path);
  }
}
