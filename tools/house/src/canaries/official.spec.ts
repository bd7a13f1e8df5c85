import { describe, expect, it } from 'vitest';
import { official } from '../official/official.ts';
import { canaryTree } from './canaryTree.ts';

const FILES = {
  'specs/atlas.config.yaml': 'version: 1\n',
  'specs/openapi/a.yaml': 'openapi: 3.1.0\n',
  'tools/atlas/test/cases/whole/good/specs/atlas.config.yaml': 'version: 2\n',
  'tools/atlas/test/cases/whole/same/specs/atlas.config.yaml': 'version: 2\n',
  'tools/atlas/test/cases/openapi/bad-one/specs/atlas.config.yaml': 'version: 3\n',
};

describe('the second opinion', () => {
  it('is asked once per content, and never about specs that must be refused', async () => {
    using tree = canaryTree(FILES);
    const asked: string[] = [];
    const ask = async (config: string): Promise<number> => {
      asked.push(config.slice(tree.root.length + 1));
      return 0;
    };
    expect(await official(tree.root, ask, () => {})).toBe(0);
    expect(asked).toEqual(['specs/atlas.config.yaml', 'tools/atlas/test/cases/whole/good/specs/atlas.config.yaml']);
  });

  it('fails if one folder is refused, and is asked again until all are accepted', async () => {
    using tree = canaryTree(FILES);
    let asked = 0;
    const judge = (exitCodes: readonly number[]): Promise<number> => {
      asked = 0;
      return official(
        tree.root,
        async () => exitCodes[asked++] ?? 0,
        () => {},
      );
    };
    expect(await judge([100, 0])).toBe(100);
    expect(await judge([0, 0])).toBe(0);
    expect([await judge([100, 100]), asked]).toEqual([0, 0]);
    tree.put('specs/openapi/a.yaml', 'openapi: 3.1.1\n');
    expect([await judge([0, 100]), asked]).toEqual([100, 2]);
  });
});
