import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import { templateKind, templateNames } from '../../../read/openapi/pathTemplate.ts';

export const pathTemplate: Rule = {
  code: 'ATL2018',
  title: 'a path that can not become a route',
  explain: {
    why: 'A name in braces fills one whole segment, is a plain identifier and stands once; two paths that differ only in such names are one route.',
    bad: '/v1/reports/{name}.pdf',
    good: '/v1/reports/{name}/pdf',
  },
  *check({ http }) {
    for (const { root } of http) {
      const kinds = new Map<string, { readonly path: string; readonly loc: Finding['loc'] }>();
      for (const [path, item] of root.get('paths')?.entries() ?? []) {
        if (!path.startsWith('/')) continue;
        const loc = item.via?.loc ?? item.loc;
        const problem = problemOf(path);
        if (problem) yield { message: `path ${JSON.stringify(path)} ${problem.message}`, loc, fix: problem.fix };
        const twin = kinds.get(templateKind(path));
        if (twin)
          yield {
            message: `paths ${JSON.stringify(path)} and ${JSON.stringify(twin.path)} are one route`,
            loc,
            fix: 'keep one of the two',
            related: [{ loc: twin.loc, message: 'the other one' }],
          };
        else kinds.set(templateKind(path), { path, loc });
      }
    }
  },
};

function problemOf(path: string): { readonly message: string; readonly fix: string } | undefined {
  const names = templateNames(path);
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) return { message: `has {${doubled}} twice`, fix: 'give each its own name' };
  const odd = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (odd !== undefined) return { message: `has a name {${odd}} that is no identifier`, fix: 'use letters and digits' };
  const partial = path.split('/').find((segment) => /[{}]/.test(segment) && !/^\{[^{}]*\}$/.test(segment));
  if (partial !== undefined)
    return {
      message: `has a segment ${JSON.stringify(partial)} with more than a name in it`,
      fix: 'let {name} fill the segment',
    };
  if (/\/:\w+/.test(path))
    return {
      message: 'names a parameter with a colon',
      fix: `write ${path.replaceAll(/\/:(\w+)/g, '/{$1}')}`,
    };
  if (/[\s?#*:;\\%"<>^`|]/.test(path))
    return { message: 'has a character that paths can not have', fix: 'use letters, digits, -, _, . and ~' };
  return undefined;
}
