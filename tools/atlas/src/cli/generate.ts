import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { MANIFEST, readManifest, sha256, type Manifest } from '../write/manifest.ts';
import { write, type WriteResult } from '../write/write.ts';
import { count } from '../diagnostics/shown.ts';
import { EXIT, UsageError } from '../diagnostics/usageError.ts';
import { generateFiles, type GeneratedFiles, type OutputWorkspace } from '../pipeline.ts';
import { progress } from './progress.ts';
import { relativeFolder } from './findConfig.ts';
import type { Talk } from './talk.ts';
import { remember } from './unchanged.ts';
import { toolkitVersion } from './version.ts';

export interface GenerateOptions {
  /** Absolute path of the configuration. */
  readonly config: string;
  readonly mode: 'write' | 'check' | 'dry-run';
  readonly only?: string | undefined;
  readonly force: boolean;
  /** Texts kept from an earlier run of the same process. */
  readonly textCache?: Map<string, string>;
}

/** Runs the whole pipeline once, and prints what it found and did. Returns the exit code. */
export async function generate(options: GenerateOptions, talk: Talk): Promise<number> {
  const started = performance.now();
  const steps = progress((line) => talk.say(line));
  const manifest: { read?: Awaited<ReturnType<typeof readManifest>> } = {};
  try {
    const result = await generateFiles(
      options.config,
      (name) => steps.stage(name),
      async (workspace) => {
        manifest.read = await readManifest(outFolder(workspace));
        // A check generates every text, because a kept text proves nothing.
        return options.mode === 'check'
          ? new Map()
          : withKept(options.textCache ?? new Map(), workspace, manifest.read);
      },
    );
    checkOnly(options.only, result);
    if (!result.workspace || !result.files) return refuse(result, options.config, talk);
    steps.stage('comparing files');
    const read = manifest.read ?? { manifest: undefined };
    if ('problem' in read && !options.force)
      return refuse(withFinding(result, manifestFinding(result.workspace, read.problem)), options.config, talk);
    const written = await write(result.files, {
      root: result.workspace.root,
      out: result.workspace.config.out,
      toolkit: toolkitVersion(),
      inputs: result.sources,
      manifest: 'manifest' in read ? read.manifest : undefined,
      mode: options.mode,
      force: options.force,
      only: options.only,
    });
    return close(result, written, options, talk, performance.now() - started);
  } finally {
    steps.stop();
  }
}

function close(result: GeneratedFiles, written: WriteResult, options: GenerateOptions, talk: Talk, ms: number): number {
  const { workspace } = result;
  if (!workspace) return EXIT.usage;
  const diagnostics = [...result.diagnostics, ...written.diagnostics];
  const { errors } = talk.findings(diagnostics, new Map([...result.sources, ...written.sources]), workspace.root);
  if (errors > 0) {
    if (talk.format === 'text') talk.say(`${count(errors, 'error')}; nothing was written`);
    return EXIT.findings;
  }
  const out = relativeFolder(talk.cwd, outFolder(workspace)) || '.';
  if (options.mode === 'dry-run') {
    for (const path of written.changed) talk.data(`write ${out}/${path}`);
    for (const path of written.removed) talk.data(`delete ${out}/${path}`);
  }
  if (options.mode === 'write' && options.only === undefined) remember(options.config, outFolder(workspace));
  const verb = options.mode === 'dry-run' ? 'to change' : 'changed';
  const parts = [
    out,
    count(written.total, 'file'),
    options.mode === 'check' ? 'up to date' : `${written.changed.length} ${verb}`,
    ...(written.removed.length > 0
      ? [`${written.removed.length} ${options.mode === 'dry-run' ? 'to delete' : 'deleted'}`]
      : []),
    `${Math.round(ms)} ms`,
  ];
  if (talk.format === 'text') talk.done(parts.join(' · '));
  return EXIT.clean;
}

/** Reports findings before anything is written. An unusable configuration counts as wrong usage. */
function refuse(result: GeneratedFiles, config: string, talk: Talk): number {
  const { errors } = talk.findings(result.diagnostics, result.sources, result.workspace?.root ?? dirname(config));
  if (talk.format === 'text') talk.say(`${count(errors, 'error')}; nothing was written`);
  return result.workspace ? EXIT.findings : EXIT.usage;
}

function withFinding(result: GeneratedFiles, finding: Diagnostic): GeneratedFiles {
  return { ...result, diagnostics: [...result.diagnostics, finding] };
}

function manifestFinding({ config }: OutputWorkspace, problem: string): Diagnostic {
  return {
    code: 'ATL7003',
    severity: 'error',
    message: `the manifest cannot be read: ${problem}`,
    loc: { file: `${config.out}/${MANIFEST}`, line: 1, column: 1, pointer: '' },
    fix: 'take either side of a merge conflict, or delete it and run npx atlas generate --force',
  };
}

function checkOnly(only: string | undefined, { workspace }: GeneratedFiles): void {
  if (only === undefined || !workspace) return;
  const names = workspace.config.services.map(({ name }) => name);
  if (!names.includes(only))
    throw new UsageError(`--only ${only}: unknown service; the services are ${names.join(', ')}`);
}

export function outFolder({ root, config }: OutputWorkspace): string {
  return join(root, config.out);
}

/** Adds slow texts from disk, if their hashes in the manifest match. */
async function withKept(
  textCache: Map<string, string>,
  workspace: OutputWorkspace,
  read: { readonly manifest: Manifest | undefined } | { readonly problem: string },
): Promise<Map<string, string>> {
  const manifest = 'manifest' in read ? read.manifest : undefined;
  for (const [path, { recipe, sha256: hash }] of Object.entries(manifest?.files ?? {})) {
    if (recipe === undefined || textCache.has(recipe) || manifest?.toolkit !== toolkitVersion()) continue;
    const text = await readFile(join(outFolder(workspace), path), 'utf8').catch(() => undefined);
    if (text !== undefined && sha256(text) === hash) textCache.set(recipe, text);
  }
  return textCache;
}
