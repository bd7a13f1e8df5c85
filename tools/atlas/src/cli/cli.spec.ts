import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseFolder, runAtlas } from '../../test/harness/caseFolder.ts';
import { WarmAtlas } from '../../test/harness/warmAtlas.ts';

const atlas = fileURLToPath(new URL('../../bin/atlas.js', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'atlas-cli-'));
  cpSync(join(caseFolder('http-only'), 'specs'), join(folder, 'specs'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Most runs need no process of their own, and starting one costs more than the run. */
const warm = new WarmAtlas(1);
afterAll(() => warm[Symbol.dispose]());

describe('the command line', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ['prints examples in the help', ['generate', '--help'], 0, /Examples:\n {2}# .*\n {2}\$ atlas generate/],
    ['suggests the command that was meant', ['generat'], 2, /Did you mean generate\?/],
    [
      'refuses an unknown option, and says where those that exist are listed',
      ['generate', '--nope'],
      2,
      /^atlas: unknown option '--nope'\n"atlas generate --help" lists what it takes\n$/,
    ],
    ['says where the commands are listed', ['nope'], 2, /^atlas: unknown command 'nope'\n"atlas --help" lists/],
    [
      'refuses options that exclude each other',
      ['generate', '--check', '--watch'],
      2,
      /use only one of --check, --watch/,
    ],
    ['refuses an unknown service', ['generate', '--only', 'nope'], 2, /unknown service; the services are weather-desk/],
    ['refuses a configuration that does not exist', ['check', '--config', 'nope.yaml'], 2, /the file does not exist/],
    ['explains a code', ['explain', 'atl6001'], 0, /^ATL6001: conflicting file names\n/],
    ['refuses to explain an unknown code', ['explain', 'ATL0000'], 2, /unknown code/],
    ['draws the system as a diagram', ['graph'], 0, /^flowchart LR\n/],
    ['prints the system as data', ['graph', '--format', 'json'], 0, /"listReadings"/],
    ['reports a clean system', ['check', '--format', 'json'], 0, /"verdict": "clean"/],
  ])('%s', async (_, args, exit, text) => {
    const result = await warm.run(folder, args);
    expect(result.exit).toBe(exit);
    expect(result.stdout + result.stderr).toMatch(text);
  });

  it('passes its exit code to the shell', async () => {
    const { exit, stdout } = await runAtlas(folder, ['--version']);
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
    expect((await runAtlas(folder, ['explain', 'ATL0000'])).exit).toBe(2);
  });

  it('finds the configuration from a folder below it', async () => {
    expect((await warm.run(join(folder, 'specs/openapi'), ['check'])).exit).toBe(0);
  });

  it('names the paths that it searched if there is no configuration', async () => {
    const { exit, stderr } = await warm.run(tmpdir(), ['check']);
    expect([exit, stderr]).toEqual([
      2,
      'atlas: no specs/atlas.config.yaml here or in a folder above; use --config <file> for another path\n',
    ]);
  });

  it('generates again at each save, and goes on after a broken spec', async () => {
    const watcher = spawn(process.execPath, [atlas, 'generate', '--watch'], { cwd: folder });
    const ended = new Promise<number | null>((resolve) => watcher.once('close', resolve));
    try {
      const said = follow(watcher.stderr);
      await said(/watching/);
      const spec = join(folder, 'specs/openapi/weather.yaml');
      const text = readFileSync(spec, 'utf8');
      // As editors save: another file takes the name.
      writeFileSync(`${spec}~`, text.replace('type: number', 'type: numbr'));
      renameSync(`${spec}~`, spec);
      await said(/error\[ATL2003\][\s\S]*nothing was written[\s\S]*watching/);
      writeFileSync(spec, text.replace('type: number', 'type: integer'));
      await said(/✓ .*changed[\s\S]*watching/);
      expect(readFileSync(join(folder, 'generated/weather-desk/http/document.json'), 'utf8')).toContain('"integer"');
    } finally {
      watcher.kill('SIGINT');
    }
    expect(await ended).toBe(0);
  });

  describe('atlas under an older Node', () => {
    /** Only for the first process: the process that it starts is not older. */
    const older = (): Readonly<Record<string, string>> => {
      const file = join(folder, 'older.cjs');
      const versions = "{ ...process.versions, node: '20.0.0' }";
      writeFileSync(
        file,
        `if (!process.env.ATLAS_NODE_TRIED) Object.defineProperty(process, 'versions', { value: ${versions} });`,
      );
      return { NODE_OPTIONS: `--require=${file}` };
    };

    it('starts the Node of the repository, and passes on its output and its exit code', async () => {
      const { exit, stdout } = await runAtlas(folder, ['explain', 'ATL6001'], older());
      expect([exit, stdout.split('\n')[0]]).toEqual([0, 'ATL6001: conflicting file names']);
      expect((await runAtlas(folder, ['generate', '--nope'], older())).exit).toBe(2);
    });

    it('leaves no watcher behind when it is stopped', async () => {
      const env = { ...process.env, ...older() };
      const watcher = spawn(process.execPath, [atlas, 'generate', '--watch'], { cwd: folder, env });
      // Closes once nobody has the other end open, so the process that it started has ended, too.
      const ended = new Promise<number | null>((resolve) => watcher.once('close', resolve));
      await follow(watcher.stderr)(/watching/);
      watcher.kill('SIGTERM');
      expect(await ended).toBe(0);
    });
  });
});

/** Waits until what a stream said since the last wait matches. */
function follow(stream: NodeJS.ReadableStream): (pattern: RegExp) => Promise<void> {
  let text = '';
  let look = (): void => undefined;
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    look();
  });
  return (pattern) =>
    new Promise((resolve) => {
      look = () => {
        const match = pattern.exec(text);
        if (!match) return;
        text = text.slice(match.index + match[0].length);
        look = () => undefined;
        resolve();
      };
      look();
    });
}
