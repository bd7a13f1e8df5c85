import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { isRecord, type System } from '@atlas/ir';
import type { RegistrableSpecs } from '../register/register.ts';
import { sha256 } from '../write/manifest.ts';
import { knowsAvro, notePath, toolkitFingerprint } from './notes.ts';

/** Checked specs without a finding, as a run notes them. */
interface Note {
  /** Fingerprint of the toolkit that checked them. */
  readonly toolkit: string;
  readonly root: string;
  /** SHA-256 of every file that was read, by path relative to the root. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly system: System;
}

/**
 * Like `checkSpecs`, but takes the model from the last run if neither the toolkit nor a file has changed since and
 * there was no finding. Checking is half of the work of registering, and each test that needs topics of its own
 * registers.
 */
export async function checkedBefore(config: string, stage: (name: string) => void): Promise<RegistrableSpecs> {
  const file = notePath(config, 'model');
  const noted = unchanged(file);
  if (noted) return noted;
  const { checkSpecs } = await import('../pipeline.ts');
  const checked = await checkSpecs(config, stage);
  const { system, workspace, diagnostics, sources } = checked;
  if (system && workspace && diagnostics.length === 0) {
    const inputs = new Map([...sources].map(([path, text]) => [path, sha256(text)]));
    remember(file, { toolkit: toolkitFingerprint(), root: workspace.root, inputs, system });
  }
  return checked;
}

function unchanged(file: string): RegistrableSpecs | undefined {
  try {
    const note: unknown = deserialize(readFileSync(file));
    if (!isNote(note) || note.toolkit !== toolkitFingerprint()) return undefined;
    const { root, inputs, system } = note;
    const paths = [...inputs.keys()];
    const sources = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
    if (!paths.every((path) => sha256(sources.get(path) ?? '') === inputs.get(path)) || !knowsAvro(root, paths))
      return undefined;
    return { system, workspace: { root }, diagnostics: [], sources };
  } catch {
    return undefined; // No note, or one of another version: checking the specs is always right.
  }
}

function remember(file: string, note: Note): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, serialize(note));
  } catch {
    // A read-only installation.
  }
}

/** Only this file writes notes, and the fingerprint of the toolkit is checked, so it is enough to see its parts. */
function isNote(value: unknown): value is Note {
  return (
    isRecord(value) &&
    typeof value['toolkit'] === 'string' &&
    typeof value['root'] === 'string' &&
    value['inputs'] instanceof Map &&
    isRecord(value['system'])
  );
}
