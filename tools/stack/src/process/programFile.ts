import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord, parseJson } from '../json.ts';
import { alive, bornAt } from './alive.ts';

/** A program that runs on the stack, such as a service. */
export interface RunningProgram {
  /** The name of its log: the namespace of the run, then the name of the program. */
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  readonly adminUrl: string;
  readonly log: string;
}

/** Notes that a program runs, until the returned function is called, in `<folder>/<name>.json`. */
export function noteProgram(folder: string, program: RunningProgram): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${program.name}.json`);
  writeFileSync(file, JSON.stringify({ ...program, born: bornAt(program.pid) }));
  return () => {
    // another process may run under the same name by now
    if (programIn(file)?.pid === program.pid) rmSync(file, { force: true });
  };
}

/** The programs that were noted and still run, by name. Forgets the others, whose starters were killed. */
export function runningPrograms(folder: string): readonly RunningProgram[] {
  let files: readonly string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  } catch {
    return [];
  }
  return files.toSorted().flatMap((file) => {
    const found = programIn(join(folder, file));
    if (found === undefined) return [];
    if (alive(found.pid) && (found.born === undefined || bornAt(found.pid) === found.born)) return [found];
    rmSync(join(folder, file), { force: true });
    return [];
  });
}

function programIn(file: string): (RunningProgram & { readonly born: string | undefined }) | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const noted = parseJson(text);
  if (!isRecord(noted) || typeof noted['pid'] !== 'number') return undefined;
  const of = (member: string): string => String(noted[member] ?? '');
  const { pid, born } = noted;
  const known = typeof born === 'string' ? born : undefined;
  return { name: of('name'), pid, url: of('url'), adminUrl: of('adminUrl'), log: of('log'), born: known };
}
