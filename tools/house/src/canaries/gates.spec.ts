import { describe, expect, it } from 'vitest';
import { casts } from '../gates/casts.ts';
import { commentWidth } from '../gates/commentWidth.ts';
import { diagrams } from '../gates/diagrams.ts';
import { documents } from '../gates/documents.ts';
import { fileLength } from '../gates/fileLength.ts';
import type { Finding, Gate } from '../gates/gate.ts';
import { handlerResults } from '../gates/handlerResults.ts';
import { hygiene } from '../gates/hygiene.ts';
import { runGates } from '../gates/runGates.ts';
import { serviceNames } from '../gates/serviceNames.ts';
import { smallFiles } from '../gates/smallFiles.ts';
import { vocabulary } from '../gates/vocabulary.ts';

const over = (gate: Gate, files: Readonly<Record<string, string>>): readonly Finding[] =>
  gate.run({ files: Object.keys(files), read: (file) => files[file] ?? '' }).findings;

const lines = (count: number): string => 'x\n'.repeat(count);

/** The gate reads this file too, so its canaries are put together from parts. */
const joined = (...parts: readonly string[]): string => parts.join('');

describe('the gate of file lengths', () => {
  it('refuses 401 lines, or 301 generated lines, and accepts one line less', () => {
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

describe('the gate of small files', () => {
  const small = 'export const a = 1;\n';
  const found = (files: Readonly<Record<string, string>>): readonly string[] =>
    over(smallFiles, files).map(({ file }) => file);

  it('refuses a file under 25 lines that one other file imports', () => {
    expect(found({ 'tools/a/src/a.ts': small, 'tools/a/src/b.ts': "import { a } from './a.ts';\n" })).toEqual([
      'tools/a/src/a.ts',
    ]);
  });

  it('refuses a file under 25 lines that one file of another folder imports', () => {
    const importer = { 'tools/a/src/main.ts': "import { a } from './deep/a.ts';\n" };
    expect(found({ 'tools/a/src/deep/a.ts': small, ...importer })).toEqual(['tools/a/src/deep/a.ts']);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['of 25 lines', { 'tools/a/src/a.ts': lines(25) }],
    ['that an index offers', { 'tools/a/src/b.ts': '', 'tools/a/src/index.ts': "export { a } from './a.ts';\n" }],
    ['that a package offers', { 'tools/a/package.json': '{ "exports": { "./a": "./src/a.ts" } }' }],
    ['with two importers', { 'tools/a/src/c.ts': "export { a } from './a.ts';\n" }],
    ['that a test imports', { 'tools/a/src/a.spec.ts': "import { a } from './a.ts';\n" }],
    ['that is loaded late', { 'tools/a/src/b.ts': "const { a } = await import('./a.ts');\n" }],
  ])('accepts a file %s', (_, more) => {
    const importer = { 'tools/a/src/b.ts': "import { a } from './a.ts';\n" };
    expect(found({ 'tools/a/src/a.ts': small, ...importer, ...more })).toEqual([]);
  });

  it.each(['tools/a/src/index.ts', 'services/a/src/app/a.ts', 'tools/a/src/check/rules/a.ts', 'templates/a/aFile.ts'])(
    'accepts a file %s, which has a reason to be small',
    (file) => {
      const importer = `${file.slice(0, file.lastIndexOf('/'))}/main.ts`;
      const name = file.slice(file.lastIndexOf('/') + 1);
      expect(found({ [file]: small, [importer]: `import { a } from './${name}';\n` })).toEqual([]);
    },
  );
});

describe('the gate of comment widths', () => {
  const wide = 'x'.repeat(116);
  const narrow = 'x'.repeat(110);
  const sign = '//';

  it.each([
    ['a line', 'tools/a/src/a.ts', `// ${wide}xx`],
    ['a line of a docstring', 'tools/a/src/a.ts', ` * ${wide}xx`],
    ['a comment behind code', 'tools/a/src/a.ts', `const a = 1; ${sign} ${wide}`],
    ['a comment of a shell script', 'tools/a/a.sh', `# ${wide}xxx`],
    ['a comment of YAML', 'specs/a.yaml', `  # ${wide}x`],
    ['a comment of SQL', 'services/a/migrations/0001_a.sql', `-- ${wide}xx`],
    ['a comment of the Makefile', 'Makefile', `# ${wide}xxx`],
  ])('refuses %s of 121 columns or more', (_, file, text) => {
    expect(over(commentWidth, { [file]: `\n${text}\n` })).toMatchObject([{ file, line: 2 }]);
  });

  it.each([
    ['a comment of 120 columns', 'tools/a/src/a.ts', `// ${wide}x`],
    ['a comment of 120 letters that have two bytes each', 'tools/a/src/a.ts', `// ${'é'.repeat(117)}`],
    ['a text that looks like a comment', 'tools/a/src/a.ts', `const a = 'b ${sign} ${narrow}';`],
    ['a second text with a quote in it', 'tools/a/src/a.ts', `f('a', 'b \\' ${sign} ${narrow}');`],
    ['a long address', 'tools/a/src/a.ts', `const a = 'https://example.org/${narrow}';`],
    ['prose', 'docs/a.md', `# ${wide}xxxxx`],
    ['generated code', 'generated/a/a.ts', `// ${wide}xxxxx`],
  ])('accepts %s', (_, file, text) => {
    expect(over(commentWidth, { [file]: `${text}\n` })).toEqual([]);
  });
});

describe('the gate of vocabulary', () => {
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
  ])('accepts "%s", an everyday word', (words) =>
    expect(over(vocabulary, { 'tools/atlas/src/a.ts': words })).toEqual([]),
  );

  it('accepts all words in the ERP', () => {
    expect(over(vocabulary, { 'services/orders/src/main.ts': 'orders', 'specs/openapi/orders.yaml': 'sku' })).toEqual(
      [],
    );
  });
});

describe('the gate of service names', () => {
  const catalog = JSON.stringify({ services: [{ name: 'tickets' }, { name: 'box-office' }] });
  const found = (file: string, text: string) => over(serviceNames, { [file]: text, 'generated/catalog.json': catalog });

  it.each([
    ['tools/stack/src/a.ts', "const all = ['tickets'];"],
    ['tools/stack/src/a.ts', 'join(root, "services/box-office/src")'],
    ['tools/stack/package.json', '"@atlas/generated-tickets": "workspace:*"'],
    ['services/demo/src/system/a.ts', "import { contract } from '@atlas/generated-tickets';"],
    ['services/demo/src/system/a.ts', "const topic = 'atlas.tickets.dlq.v1';"],
    ['Makefile', 'dev: ## ONLY=tickets runs one'],
  ])('refuses in %s: %s', (file, text) => {
    expect(found(file, `\n${text}\n`)).toMatchObject([{ file, line: 2 }]);
  });

  it.each([
    ['a typed client', 'services/demo/src/customer/a.ts', "import '@atlas/generated-tickets/client';"],
    ['a word of a sentence', 'tools/stack/src/a.ts', '// it sells tickets'],
    ['another name that begins alike', 'tools/stack/src/a.ts', "const all = ['tickets-archive'];"],
    ['another name that ends alike', 'tools/stack/src/a.ts', "import './process/box-tickets.ts';"],
  ])('accepts %s', (_, file, text) => expect(found(file, text)).toEqual([]));

  it('has no findings before the first catalog is generated', () => {
    expect(over(serviceNames, { Makefile: 'ONLY=tickets' })).toEqual([]);
  });
});

describe('the gate of hygiene', () => {
  it.each([
    ['the name of a package registry', 'docs/a.md', joined('see https://registry.npm', 'js.org/x')],
    ['the name of a Maven registry', 'tools/stack/src/a.ts', joined("const x = 'repo1.mav", "en.org';")],
    [
      'a download address in the lock file',
      'pnpm-lock.yaml',
      '    resolution: {integrity: sha512-x, tarball: https://somewhere/x.tgz}\n',
    ],
    ['a version range', 'tools/a/package.json', '{\n  "dependencies": {\n    "x": "^1.0.0"\n  }\n}\n'],
    ['a version range of an alias', 'package.json', '    "y": "npm:x@~1.0.0"\n'],
    ['the latest version', 'package.json', '    "x": "latest"\n'],
    ['a folder of one machine', 'docs/a.md', joined('run it in /ho', 'me/somebody/atlas')],
    ['a comment that silences the compiler', 'tools/a/src/a.ts', joined('// @ts-', 'expect-error why not\n')],
    ['the type any', 'tools/a/src/a.ts', 'const x: any = 1;'],
    ['a cast to any', 'tools/a/src/a.ts', 'f(x as any);'],
  ])('refuses %s', (_, file, text) => {
    expect(over(hygiene, { [file]: text })).toHaveLength(1);
  });

  it('accepts a pinned version, a workspace, and an engine', () => {
    const text =
      '{\n    "x": "1.0.0-beta.1",\n    "y": "npm:x@6.0.2",\n    "z": "workspace:*",\n    "node": ">=20"\n}\n';
    expect(over(hygiene, { 'package.json': text })).toEqual([]);
  });

  it('accepts what only looks like a violation', () => {
    const text = "// as any reader knows: any word\nconst url = '/v1/home/work/x';\nconst company = 'any';\n";
    expect(
      over(hygiene, {
        'tools/a/src/a.ts': text,
        'tools/a/src/b.types.spec.ts': joined('// @ts-', 'expect-error refused'),
      }),
    ).toEqual([]);
  });
});

describe('the gate of casts', () => {
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
  ])('accepts %s', (text) => expect(over(casts, { 'tools/a/src/a.ts': text })).toEqual([]));
});

describe('the gate of results of handlers', () => {
  const file = 'services/tickets/src/app/book.ts';

  it.each([
    [file, 'export const book: Book.Handler = async ({ body }, tx) => {'],
    [file, 'export const book: Book.Handler = () => ({ status: 204 });'],
    [file, '({ seats }: Ports): Book.Handler =>\n  async ({ body: { id } }, tx) => {'],
    [file, '({ seats }: Ports): Book.Handler =>\n  async ({ body }, tx): Promise<Cancel.Result> => {'],
    ['templates/init/app.ts', '    (): Open${Pascal}.Handler =>\n      async ({ body }, tx) => {'],
    ['docs/how-to/book.md', '    ({ seats }: Ports): Book.Handler =>\n     async ({ body }) =>'],
  ])('refuses in %s: %s', (name, text) =>
    expect(over(handlerResults, { [name]: `\n${text}` })).toMatchObject([{ file: name, line: 2 }]),
  );

  it('finds the second handler of a file', () => {
    const text = 'const a: A.Handler = (): Promise<A.Result> => x;\nconst b: A.Handler = () => x;\n';
    expect(over(handlerResults, { [file]: text })).toMatchObject([{ line: 2 }]);
  });

  it.each([
    [file, 'export const book: Book.Handler = async ({ body }, tx): Promise<Book.Result> => {'],
    [file, '(ports: Ports): Book.Handler =>\n  async ({ messages }): Promise<readonly Book.Result[]> => {'],
    [file, '(ports: Ports): Ring.Handler => ({\n  perform: ({ data }) => call(data),\n});'],
    [file, '(ports: Ports): Book.Handler => handlerOf(ports);'],
    ['services/tickets/src/app/book.spec.ts', 'const book: Book.Handler = () => answer;'],
  ])('accepts in %s: %s', (name, text) => expect(over(handlerResults, { [name]: text })).toEqual([]));
});

describe('the gate of documents', () => {
  const files = {
    Makefile: 'test: ## x\n\ttrue\n',
    'docs/a.md': '# A\n',
    'src/a.ts': 'export function a() {\n  const b = 1;\n  const c = 2;\n  return b;\n}\n',
  };
  const page = (text: string): readonly Finding[] => over(documents, { ...files, 'README.md': text });
  const excerpt = (...block: string[]): string => ['<!-- excerpt: src/a.ts -->', '```ts', ...block, '```'].join('\n');

  it.each([
    ['a link to a missing file', 'see [b](docs/b.md)'],
    ['a target that the Makefile lacks', 'run `make tset`'],
    ['an excerpt that has changed', excerpt('const b = 2;')],
    ['an excerpt whose lines are in another order', excerpt('const c = 2;', '…', 'const b = 1;')],
    ['an excerpt of a missing file', excerpt('const b = 1;').replace('src/a.ts', 'src/b.ts')],
  ])('refuses %s', (_, text) => expect(page(`# R\n\n${text}\n`)).toMatchObject([{ file: 'README.md', line: 3 }]));

  it.each([
    ['links to files, folders and places', '[a](docs/a.md#part) [d](docs) [here](#r) [out](https://example.org)'],
    ['targets, and make as a verb', 'run `make test` to make certain'],
    ['an excerpt with another indentation', excerpt('const b = 1;', 'const c = 2;')],
    ['an excerpt with something left out', excerpt('export function a() {', '  const b = 1;', '  …', '}')],
  ])('accepts %s', (_, text) => expect(page(text)).toEqual([]));
});

describe('the gate of diagrams', () => {
  const catalog = {
    services: [
      { name: 'bookings', operations: [{ id: 'book' }], sends: ['BookingMade'], receives: [] },
      { name: 'seats', operations: [], sends: [], receives: [{ message: 'BookingMade' }] },
    ],
  };
  const page = (...arrows: string[]): readonly Finding[] => {
    const drawn = ['  actor Ann', '  participant B as bookings', '  participant S as seats', ...arrows];
    const text = ['# R', '```mermaid', 'sequenceDiagram', ...drawn, '```', ''].join('\n');
    return over(diagrams, { 'generated/catalog.json': JSON.stringify(catalog), 'README.md': text });
  };

  it.each([
    ['an event that nobody sends', 'B-)S: BookingLost'],
    ['an event that its reader does not receive', 'S-)B: BookingMade'],
    ['an operation that the service does not have', 'Ann->>B: cancel'],
  ])('refuses %s', (_, arrow) => expect(page(`  ${arrow}`)).toMatchObject([{ file: 'README.md', line: 7 }]));

  it.each([
    ['bookings', 'no arrow of this page draws BookingMade from bookings to seats'],
    ['seats', 'no arrow of this page draws BookingMade from bookings to seats'],
    ['letters', 'there is no service letters'],
  ])('refuses a page that leaves out an event of %s, which it promises to draw', (service, message) => {
    const promise = `  %% every event of ${service} is on this page`;
    expect(page('  Ann->>B: book', promise)).toEqual([{ file: 'README.md', line: 8, message }]);
  });

  it('accepts a page that draws every event that it promises to draw', () => {
    expect(page('  B-)S: BookingMade', '  %% every event of seats is on this page')).toEqual([]);
  });

  it('accepts what the catalog has, and what is not between services', () => {
    expect(page('  Ann->>B: book', '  B-)S: BookingMade', '  S->>Ann: a letter', '  Note over S: seated')).toEqual([]);
  });
});

describe('all gates together', () => {
  it('exit with 100 if there is a finding, otherwise with 0', () => {
    const tree = (text: string) => ({ files: ['tools/a/src/a.ts'], read: () => text });
    expect(runGates([casts, hygiene], tree('export const a = b as C;'), () => {})).toBe(100);
    expect(runGates([casts, hygiene], tree('export const a = 1;'), () => {})).toBe(0);
  });
});
