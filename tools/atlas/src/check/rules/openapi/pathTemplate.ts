import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';
import { templateNames } from '../../../read/openapi/http.ts';

export const pathTemplate: Rule = {
  code: 'ATL2018',
  title: 'unsupported path',
  explain: {
    why: 'A {name} fills a whole segment, is an identifier and appears once. Paths that differ only in such names are the same route.',
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
            message: `paths ${JSON.stringify(path)} and ${JSON.stringify(twin.path)} are the same route`,
            loc,
            fix: 'remove one of the two',
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
  if (doubled !== undefined) return { message: `has {${doubled}} twice`, fix: 'give each parameter its own name' };
  const odd = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (odd !== undefined)
    return { message: `has the name {${odd}}, which is not an identifier`, fix: 'use letters and digits' };
  const partial = path.split('/').find((segment) => /[{}]/.test(segment) && !/^\{[^{}]*\}$/.test(segment));
  if (partial !== undefined)
    return {
      message: `has the segment ${JSON.stringify(partial)}, which is not just one {name}`,
      fix: 'let {name} fill the whole segment',
    };
  if (/\/:\w+/.test(path))
    return {
      message: 'has a parameter with a colon',
      fix: `write ${path.replaceAll(/\/:(\w+)/g, '/{$1}')}`,
    };
  const character = /[\s?#*;\\%"<>^`|]/.exec(path)?.[0];
  if (character !== undefined)
    return {
      message: `has ${JSON.stringify(character)}, which is not supported in paths`,
      fix: 'use letters, digits, -, _, . and ~',
    };
  return undefined;
}

/** The path without the names of its parameters: two paths with the same result answer the same requests. */
function templateKind(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, '{}');
}
