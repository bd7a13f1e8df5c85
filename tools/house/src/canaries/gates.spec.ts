import { describe, expect, it } from 'vitest';
import { casts } from '../gates/casts.ts';
import { documents } from '../gates/documents.ts';
import { fileLength } from '../gates/fileLength.ts';
import type { Finding, Gate } from '../gates/gate.ts';
import { hygiene } from '../gates/hygiene.ts';
import { runGates } from '../gates/runGates.ts';
import { vocabulary } from '../gates/vocabulary.ts';

const over = (gate: Gate, files: Readonly<Record<string, string>>): readonly Finding[] =>
  gate.run({ files: Object.keys(files), read: (file) => files[file] ?? '' }).findings;

const lines = (count: number): string => 'x\n'.repeat(count);

describe('file length', () => {
  it('refuses 401 lines by hand and 301 generated, and takes one less', () => {
    const found = over(fileLength, {
      'tools/a/src/long.ts': lines(401),
      'tools/a/src/fits.ts': lines(400),
      'generated/one/http/long.ts': lines(301),
      'generated/one/http/fits.ts': lines(300),
      'generated/one/http/compiled/validators.js': lines(9000),
    });
    expect(found.map(({ file }) => file)).toEqual(['tools/a/src/long.ts', 'generated/one/http/long.ts']);
  });
});

describe('vocabulary', () => {
  it.each([
    'orders',
    'an invoice',
    'Invoices',
    'inventory',
    'warehouseId',
    'sku',
    'stock levels',
    'placeOrder',
    'OrderPlaced',
    'orderId',
  ])('refuses "%s" in the toolkit', (words) => {
    expect(over(vocabulary, { 'tools/atlas/src/a.ts': `// ${words}\n` })).toHaveLength(1);
    expect(over(vocabulary, { 'templates/http/a.ts': `\n${words}` })).toMatchObject([{ line: 2 }]);
  });

  it.each([
    'in order, sorted by order',
    'ORDER BY id',
    'the stack of servers',
    'order of keys',
    'reordered',
    'border',
    'wrongOrder',
    'byteOrder',
    'sortOrder',
  ])('takes "%s", which is nobody\'s', (words) =>
    expect(over(vocabulary, { 'tools/atlas/src/a.ts': words })).toEqual([]),
  );

  it('leaves the ERP its words', () => {
    expect(over(vocabulary, { 'services/orders/src/main.ts': 'orders', 'specs/openapi/orders.yaml': 'sku' })).toEqual(
      [],
    );
  });
});

describe('hygiene', () => {
  it.each([
    ['a registry by name', 'docs/a.md', 'see https://registry.npmjs.org/x'],
    ['a Maven registry by name', 'tools/stack/src/a.ts', "const x = 'repo1.maven.org';"],
    [
      'a download address in the lock file',
      'pnpm-lock.yaml',
      '    resolution: {integrity: sha512-x, tarball: https://somewhere/x.tgz}\n',
    ],
    ['a range instead of a version', 'tools/a/package.json', '{\n  "dependencies": {\n    "x": "^1.0.0"\n  }\n}\n'],
    ['a range behind an alias', 'package.json', '    "y": "npm:x@~1.0.0"\n'],
    ['whatever is the latest', 'package.json', '    "x": "latest"\n'],
    ['a folder of one machine', 'docs/a.md', 'run it in /home/somebody/atlas'],
    ['a silenced compiler', 'tools/a/src/a.ts', '// @ts-expect-error why not\n'],
    ['any', 'tools/a/src/a.ts', 'const x: any = 1;'],
    ['a cast to any', 'tools/a/src/a.ts', 'f(x as any);'],
  ])('refuses %s', (_, file, text) => {
    expect(over(hygiene, { [file]: text })).toHaveLength(1);
  });

  it('takes a pinned version, a workspace, and an engine', () => {
    const text =
      '{\n    "x": "1.0.0-beta.1",\n    "y": "npm:x@6.0.2",\n    "z": "workspace:*",\n    "node": ">=20"\n}\n';
    expect(over(hygiene, { 'package.json': text })).toEqual([]);
  });

  it('takes what only looks like it', () => {
    const text = "// as any reader knows: any word\nconst url = '/v1/home/work/x';\nconst company = 'any';\n";
    expect(
      over(hygiene, { 'tools/a/src/a.ts': text, 'tools/a/src/b.types.spec.ts': '// @ts-expect-error refused' }),
    ).toEqual([]);
  });
});

describe('casts', () => {
  it.each([
    'const x = y as Thing;',
    'const x = JSON.parse(t) as { a: string };',
    'f((a ?? b) as unknown as T);',
    'return rows[0] as Row;',
  ])('refuses %s', (text) => expect(over(casts, { 'tools/a/src/a.ts': text })).not.toEqual([]));

  it.each([
    "const x = ['a'] as const;",
    "import { a as b } from './a.ts';",
    "export { a as b } from './a.ts';",
    "export type * as PlaceOrder from './a.ts';",
    "const sql = 'SELECT (a) as b';",
    '/** The same (here) as there. */',
    'const t = `x) as y`;',
    'type A = { [K in keyof B as Lowercase<K>]: B[K] };',
    '// cast: the predicate above has looked at every field\nconst x = y as Thing;',
  ])('takes %s', (text) => expect(over(casts, { 'tools/a/src/a.ts': text })).toEqual([]));
});

describe('documents', () => {
  const files = {
    Makefile: 'test: ## x\n\ttrue\n',
    'docs/a.md': '# A\n',
    'src/a.ts': 'export function a() {\n  const b = 1;\n  const c = 2;\n  return b;\n}\n',
  };
  const page = (text: string): readonly Finding[] => over(documents, { ...files, 'README.md': text });
  const excerpt = (...block: string[]): string => ['<!-- excerpt: src/a.ts -->', '```ts', ...block, '```'].join('\n');

  it.each([
    ['a link that leads nowhere', 'see [b](docs/b.md)'],
    ['a target that the Makefile lacks', 'run `make tset`'],
    ['an excerpt that has changed', excerpt('const b = 2;')],
    ['an excerpt whose lines are in another order', excerpt('const c = 2;', '…', 'const b = 1;')],
    ['an excerpt of no file', excerpt('const b = 1;').replace('src/a.ts', 'src/b.ts')],
  ])('refuse %s', (_, text) => expect(page(`# R\n\n${text}\n`)).toMatchObject([{ file: 'README.md', line: 3 }]));

  it.each([
    ['links to files, folders and places', '[a](docs/a.md#part) [d](docs) [here](#r) [out](https://example.org)'],
    ['targets, and make as a verb', 'run `make test` to make certain'],
    ['an excerpt, whatever its indentation', excerpt('const b = 1;', 'const c = 2;')],
    ['an excerpt with something left out', excerpt('export function a() {', '  const b = 1;', '  …', '}')],
  ])('take %s', (_, text) => expect(page(text)).toEqual([]));
});

describe('the gates together', () => {
  it('exit with 100 on a finding and 0 without one', () => {
    const tree = (text: string) => ({ files: ['tools/a/src/a.ts'], read: () => text });
    expect(runGates([casts, hygiene], tree('export const a = b as C;'), () => {})).toBe(100);
    expect(runGates([casts, hygiene], tree('export const a = 1;'), () => {})).toBe(0);
  });
});
