import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importRules } from '../imports/importRules.ts';
import { type CanaryTree, canaryTree } from './canaryTree.ts';

/** One forbidden import per row: a file, what it imports, and the rule that must find it. */
const CANARIES: readonly { file: string; imports: string; rule: string }[] = [
  { file: 'tools/ir/src/a.ts', imports: './b.ts', rule: 'no-circular' },
  { file: 'generated/one/b.ts', imports: './c.ts', rule: 'generated-no-circular' },
  { file: 'tools/atlas/src/lost.ts', imports: './nowhere.ts', rule: 'resolvable' },
  { file: 'tools/ir/src/c.ts', imports: '../../runtime/index.ts', rule: 'ir-imports-nothing' },
  { file: 'tools/ir/src/d.ts', imports: 'lib', rule: 'ir-imports-nothing' },
  { file: 'tools/ir/src/e.ts', imports: 'node:fs', rule: 'ir-imports-nothing' },
  { file: 'templates/http/a.ts', imports: '@atlas/runtime', rule: 'templates-import-ir' },
  { file: 'templates/http/b.ts', imports: 'lib', rule: 'templates-import-ir' },
  { file: 'templates/http/c.ts', imports: '../../tools/atlas/src/ok.ts', rule: 'templates-import-ir' },
  { file: 'tools/atlas/src/a.ts', imports: '@atlas/generated-one', rule: 'toolkit-is-nobodys' },
  { file: 'tools/atlas/src/b.ts', imports: '@atlas/runtime', rule: 'toolkit-is-nobodys' },
  { file: 'tools/atlas/src/c.ts', imports: '../../../services/two/src/ok.ts', rule: 'toolkit-is-nobodys' },
  { file: 'tools/runtime/src/a.ts', imports: '../../atlas/src/ok.ts', rule: 'runtime-knows-no-caller' },
  { file: 'tools/runtime/src/b.ts', imports: '@atlas/generated-one', rule: 'runtime-knows-no-caller' },
  { file: 'tools/atlas/src/load/a.ts', imports: '../check/ok.ts', rule: 'stages-point-down-load' },
  { file: 'tools/atlas/src/write/a.ts', imports: '../pipeline.ts', rule: 'stages-point-down-write' },
  { file: 'tools/atlas/src/report/a.ts', imports: '../cli/ok.ts', rule: 'stages-point-down-report' },
  { file: 'tools/runtime/src/http/a.ts', imports: '../adapters/ok.ts', rule: 'concepts-know-ports' },
  { file: 'tools/runtime/src/inbox/b.ts', imports: '../adapters/ok.ts', rule: 'concepts-know-ports' },
  { file: 'tools/runtime/src/http/b.ts', imports: 'lib', rule: 'libraries-live-in-adapters' },
  { file: 'tools/runtime/src/ports/a.ts', imports: 'lib', rule: 'libraries-live-in-adapters' },
  { file: 'tools/runtime/src/service/a.ts', imports: 'lib', rule: 'libraries-live-in-adapters' },
  { file: 'tools/runtime/src/inbox/step.ts', imports: './ok.ts', rule: 'steps-are-pure' },
  { file: 'tools/runtime/src/outbox/relay/state.ts', imports: 'node:crypto', rule: 'steps-are-pure' },
  { file: 'tools/runtime/src/record/a.ts', imports: 'node:fs', rule: 'records-do-no-io' },
  { file: 'tools/stack/src/a.ts', imports: '@atlas/runtime', rule: 'stack-stands-alone' },
  { file: 'tools/erp/src/a.ts', imports: '@atlas/runtime', rule: 'erp-wires-programs' },
  { file: 'tools/payment-sandbox/src/a.ts', imports: '../../../generated/one/index.ts', rule: 'sandbox-is-outside' },
  { file: 'generated/one/a.ts', imports: '../two/index.ts', rule: 'generated-calls-runtime' },
  { file: 'generated/one/d.ts', imports: 'lib', rule: 'generated-calls-runtime' },
  { file: 'generated/one/e.ts', imports: '../../services/one/src/main.ts', rule: 'generated-calls-runtime' },
  { file: 'services/one/src/a.ts', imports: '../../two/src/ok.ts', rule: 'no-service-to-service' },
  { file: 'services/one/src/main.ts', imports: '@atlas/generated-two', rule: 'own-contract-only' },
  { file: 'services/one/src/adapters/a.ts', imports: '../../../../generated/two/index.ts', rule: 'own-contract-only' },
  {
    file: 'services/one/src/adapters/b.ts',
    imports: '../../../../tools/atlas/src/ok.ts',
    rule: 'service-over-runtime',
  },
  { file: 'services/one/src/domain/a.ts', imports: '../adapters/ok.ts', rule: 'domain-is-pure' },
  { file: 'services/one/src/domain/b.ts', imports: 'node:fs', rule: 'domain-is-pure' },
  { file: 'services/one/src/domain/c.ts', imports: 'lib', rule: 'domain-is-pure' },
  { file: 'services/one/src/domain/d.ts', imports: '@atlas/generated-one', rule: 'domain-is-pure' },
  { file: 'services/one/src/app/a.ts', imports: '../adapters/ok.ts', rule: 'app-knows-ports' },
  { file: 'services/one/src/app/b.ts', imports: 'lib', rule: 'app-knows-ports' },
  { file: 'services/one/src/ports.ts', imports: './adapters/ok.ts', rule: 'app-knows-ports' },
  { file: 'services/one/src/d.ts', imports: './ok.spec.ts', rule: 'nothing-imports-tests' },
];

const OK = 'export const ok = 1;\n';

/** A small clean repository with one file per kind of allowed import. */
const CLEAN: Readonly<Record<string, string>> = {
  'tools/ir/src/b.ts': `import './a.ts';\n${OK}`,
  'tools/ir/src/a.ts': OK,
  'tools/runtime/index.ts': OK,
  'tools/runtime/src/adapters/ok.ts': OK,
  'tools/runtime/src/record/ok.ts': `import 'node:crypto';\n${OK}`,
  'tools/runtime/src/inbox/ok.ts': `import 'node:fs';\n${OK}`,
  'tools/runtime/src/inbox/parking/step.ts': `import './state.ts';\n${OK}`,
  'tools/runtime/src/inbox/parking/state.ts': `import '../../time/fullJitter.ts';\n${OK}`,
  'tools/runtime/src/time/fullJitter.ts': OK,
  'tools/runtime/src/service/ok.ts': `import '../adapters/ok.ts';\n${OK}`,
  'tools/atlas/src/ok.ts': `import '../../ir/src/a.ts';\n${OK}`,
  'tools/atlas/src/load/ok.ts': OK,
  'tools/atlas/src/check/ok.ts': `import '../load/ok.ts';\n${OK}`,
  'tools/atlas/src/pipeline.ts': `import './check/ok.ts';\n${OK}`,
  'tools/atlas/src/cli/ok.ts': `import '../pipeline.ts';\n${OK}`,
  'templates/ok.ts': `import '../tools/ir/src/a.ts';\n${OK}`,
  'generated/one/index.ts': `import '@atlas/runtime';\n${OK}`,
  'generated/one/b.ts': OK,
  'generated/one/c.ts': `import './b.ts';\n${OK}`,
  // A codec and its message: only the types are imported both ways.
  'generated/one/codec.ts': `import type { Data } from './message.ts';\nexport const codec = (data: Data): Data => data;\n`,
  'generated/one/message.ts': `import { codec } from './codec.ts';\nexport type Data = string;\nexport const message = { codec };\n`,
  'generated/two/index.ts': OK,
  'services/one/src/domain/ok.ts': OK,
  'services/one/src/domain/ok.spec.ts': `import 'node:assert';\nimport './ok.ts';\n`,
  'services/one/src/app/ok.ts': `import '../domain/ok.ts';\nimport type { ok } from '@atlas/generated-one';\nexport type Ok = typeof ok;\n`,
  'services/one/src/adapters/ok.ts': `import '@atlas/runtime';\nimport 'lib';\n${OK}`,
  'services/one/src/ok.spec.ts': OK,
  'services/two/src/ok.ts': OK,
};

const PACKAGES = {
  '@atlas/runtime': 'tools/runtime',
  '@atlas/generated-one': 'generated/one',
  '@atlas/generated-two': 'generated/two',
};

const LIBRARIES = ['lib'];

describe('the import rules', () => {
  const cruise = (tree: CanaryTree): { exitCode: number; output: string } =>
    tree.run('depcruise', '--config', '.dependency-cruiser.cjs', 'tools', 'templates', 'generated', 'services');

  it('pass a tree without violations', () => {
    using tree = canaryTree(CLEAN, PACKAGES, LIBRARIES);
    expect(cruise(tree)).toMatchObject({ exitCode: 0 });
  });

  const violations = Object.fromEntries(CANARIES.map(({ file, imports }) => [file, `import '${imports}';\n${OK}`]));
  using bad = canaryTree({ ...CLEAN, ...violations }, PACKAGES, LIBRARIES);
  const { exitCode, output } = cruise(bad);

  it('fail a tree with violations', () => {
    expect(exitCode).toBeGreaterThan(0);
  });

  it.each(CANARIES)('include $rule, which finds $file', ({ file, rule }) => {
    const lines = output.split('\n').filter((line) => line.includes(`error ${rule}: `));
    expect(lines.join('\n'), output).toContain(file);
  });

  it.each([
    ['nothing was read', { 'tools/README.md': '', 'services/README.md': '' }],
    ['no .ts file was read (TypeScript has no API)', { ...blind('ts'), 'tools/b.js': '', 'tools/c.js': '' }],
  ])('fail if %s', (_, files) => {
    using tree = canaryTree(files);
    expect(importRules(tree.root, () => {})).toBe(1);
  });

  it('pass if every file was read', () => {
    using tree = canaryTree(CLEAN, PACKAGES, LIBRARIES);
    expect(importRules(tree.root, () => {})).toBe(0);
  });
});

describe('the order of stages', () => {
  const repository = join(import.meta.dirname, '../../../..');
  const settings: unknown = createRequire(import.meta.url)(join(repository, '.dependency-cruiser.cjs'));
  // The comment of each of these rules lists all stages.
  const [, listed = ''] = /The order of stages is ([\w, ]+)\./.exec(JSON.stringify(settings)) ?? [];

  it('has each folder and each file of the toolkit', () => {
    const entries = readdirSync(join(repository, 'tools/atlas/src'), { withFileTypes: true });
    const program = entries.filter(({ name }) => !name.endsWith('.spec.ts'));
    const names = new Set(program.map(({ name }) => name.replace(/\..*$/, '')));
    names.delete('index');
    expect(listed.split(', ').toSorted()).toEqual([...names].toSorted());
  });

  it('is the one of ARCHITECTURE.md', () => {
    const page = readFileSync(join(repository, 'docs/ARCHITECTURE.md'), 'utf8');
    const [, table = ''] = /\n\| stage +\|[^\n]*\n([\s\S]*?)\n\n/.exec(page) ?? [];
    const rows = [...table.matchAll(/^\| `([a-z]+)(?:\.ts)?`/gm)].map(([, name]) => name);
    expect(rows).toEqual(listed.split(', '));
  });
});

/** Settings with which no file of this kind is read. */
function blind(kind: string): Readonly<Record<string, string>> {
  return {
    '.dependency-cruiser.cjs': `module.exports = { forbidden: [], options: { exclude: { path: '[.]${kind}$' } } };\n`,
    [`tools/a.${kind}`]: OK,
  };
}
