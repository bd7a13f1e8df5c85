import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonValue } from '@atlas/ir';
import { codecFile } from '@atlas/templates/events';
import { messageOf } from './parsed.ts';

/** A generated codec whose data type the compiler does not know. */
export interface AnyCodec {
  readonly schema: string;
  encode(data: unknown): Uint8Array;
  decode(body: Uint8Array): unknown;
  resolver(writer: string, references?: readonly string[]): (body: Uint8Array) => unknown;
}

/** Generates codecs and imports them as Node does; the files are removed with the folder. */
export function codecFolder(): Disposable & { load(schema: JsonValue): Promise<AnyCodec> } {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-codecs-'));
  mkdirSync(join(folder, 'node_modules/@atlas'), { recursive: true });
  symlinkSync(fileURLToPath(new URL('../../../runtime', import.meta.url)), join(folder, 'node_modules/@atlas/runtime'));
  let count = 0;
  return {
    async load(schema) {
      const message = messageOf(schema);
      const path = join(folder, `codec${count++}.mjs`);
      writeFileSync(path, stripTypeScriptTypes(String(codecFile(message))));
      const module: unknown = await import(path);
      if (!isCodecModule(module)) throw new Error('no codec was generated');
      const { codec } = module;
      return { schema: message.schemaText, encode: codec.encode, decode: codec.decode, resolver: codec.resolver };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function isCodecModule(module: unknown): module is { readonly codec: Omit<AnyCodec, 'schema'> } {
  return typeof module === 'object' && module !== null && 'codec' in module;
}
