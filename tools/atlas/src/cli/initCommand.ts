import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { count } from '../diagnostics/shown.ts';
import { EXIT, UsageError } from '../diagnostics/usageError.ts';
import { type HandlerWanted, planHandler } from '../init/initHandler.ts';
import { planService, type ServiceWanted } from '../init/initService.ts';
import { checkSpecs } from '../pipeline.ts';
import { apply, type Change } from '../write/outputFolder.ts';
import { generate } from './generate.ts';
import type { Talk } from './talk.ts';

/**
 * Writes a new service and generates its code, or changes nothing: if the code cannot be generated, every file is as it
 * was. Returns the exit code.
 */
export async function initService(wanted: ServiceWanted, config: string, talk: Talk): Promise<number> {
  const { workspace, system, diagnostics, sources } = await checkSpecs(config, () => undefined);
  if (!workspace || !system) {
    talk.findings(diagnostics, sources, workspace?.root ?? dirname(config));
    talk.say('a service can be added only if the specs have no errors; nothing was written');
    return workspace ? EXIT.findings : EXIT.usage;
  }
  const known = workspace.config.services.map(({ name }) => name);
  if (known.includes(wanted.name))
    throw new UsageError(`there is a service ${wanted.name} already; the services are ${known.join(', ')}`);
  const planned = await planService(wanted, workspace, system, config);
  if (planned.diagnostics.length > 0) {
    const { errors } = talk.findings(planned.diagnostics, new Map(), planned.root);
    talk.say(`${count(errors, 'error')}; nothing was written`);
    return EXIT.findings;
  }
  const clean = { config, force: false };
  if ((await generate({ ...clean, mode: 'check' }, { ...talk, done: () => undefined })) !== EXIT.clean) {
    talk.say('run npx atlas generate first; no service was added');
    return EXIT.findings;
  }
  const before = await Promise.all(planned.changes.map(([path]) => textNow(planned.root, path)));
  const all = (changes: readonly Change[]): void => {
    const last = changes.at(-1);
    if (last) apply(planned.root, changes.slice(0, -1), last);
  };
  all(planned.changes);
  const code = await generate({ ...clean, mode: 'write' }, talk).catch((error: unknown) => {
    all(before);
    throw error;
  });
  if (code !== EXIT.clean) {
    all(before);
    talk.say('the new service does not fit this repository, so its files were removed again');
    return code;
  }
  for (const [path] of planned.changes) talk.data(`write ${path}`);
  const reads = planned.reads === undefined ? 'reads nothing yet' : `reads ${planned.reads}`;
  talk.done(`service ${wanted.name} · ${reads} · next: make generate and make check, then change it as you need`);
  return EXIT.clean;
}

/** Writes the handler that a service lacks, and its entry in main.ts, or changes nothing. Returns the exit code. */
export async function initHandler(wanted: HandlerWanted, config: string, talk: Talk): Promise<number> {
  const { workspace, system, diagnostics, sources } = await checkSpecs(config, () => undefined);
  if (!workspace || !system) {
    talk.findings(diagnostics, sources, workspace?.root ?? dirname(config));
    talk.say('a handler can be added only if the specs have no errors; nothing was written');
    return workspace ? EXIT.findings : EXIT.usage;
  }
  const { root, changes, service, table, ...planned } = await planHandler(wanted, workspace, system);
  if (planned.diagnostics.length > 0) {
    const { errors } = talk.findings(planned.diagnostics, new Map(), root);
    talk.say(`${count(errors, 'error')}; nothing was written`);
    return EXIT.findings;
  }
  const last = changes.at(-1);
  if (last) apply(root, changes.slice(0, -1), last);
  for (const [path] of changes) talk.data(`write ${path}`);
  talk.done(`handler ${wanted.name} · one of the ${table} of ${service} · next: atlas generate, then write it`);
  return EXIT.clean;
}

/** How to undo a change: the text of the file as it is, or its removal. */
async function textNow(root: string, path: string): Promise<Change> {
  return [path, await readFile(join(root, path), 'utf8').catch(() => undefined)];
}
