import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HttpApi, JsonObject, JsonValue, Operation } from '@atlas/ir';
import { directed } from '../../src/model/http/directed.ts';

const loc = { file: 'a.yaml', line: 1, column: 1, pointer: '' };

/** An API with one operation, `act`. Its body and its 200 have the same schema. It has the given parameters. */
export function apiOf(schema: JsonValue, schemas: JsonObject = {}, params: Operation['params'] = []): HttpApi {
  const operation: Operation = {
    loc,
    id: 'act',
    method: 'post',
    path: '/',
    deprecated: false,
    security: [],
    params,
    body: { loc, required: true, mediaType: 'application/json', schema },
    responses: [
      {
        loc,
        status: 200,
        description: '',
        etag: false,
        headers: [],
        content: { kind: 'json', mediaType: 'application/json', schema },
      },
    ],
  };
  const document = { components: { schemas } };
  const wire = directed({ document, operations: [operation] });
  return {
    loc,
    title: '',
    version: '',
    document,
    wireDocument: wire.document,
    operations: wire.operations,
    webhooks: [],
  };
}

/** A folder from which generated modules find the runtime. `load` imports a text as a module. */
export function moduleFolder(): { load(text: string): Promise<Record<string, unknown>>; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-modules-'));
  mkdirSync(join(folder, 'node_modules/@atlas'), { recursive: true });
  const runtime = fileURLToPath(new URL('../../../runtime', import.meta.url));
  symlinkSync(runtime, join(folder, 'node_modules/@atlas/runtime'));
  let count = 0;
  return {
    load(text) {
      const path = join(folder, `module${count++}.mjs`);
      writeFileSync(path, text);
      return import(path);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An export of such a module, as a function. */
export function fn(module: Record<string, unknown>, name: string): (value: unknown) => unknown {
  const value = module[name];
  if (typeof value !== 'function') throw new Error(`no function ${name}`);
  return (argument) => value(argument);
}
