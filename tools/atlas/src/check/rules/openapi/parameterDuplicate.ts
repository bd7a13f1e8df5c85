import type { Cursor } from '../../../document/cursor.ts';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Rule } from '../../rule.ts';

export const parameterDuplicate: Rule = {
  code: 'ATL2029',
  title: 'duplicate parameter',
  explain: {
    why: 'A parameter is identified by its name and location, so a second one in the same list would hide the first. (An operation may override a parameter of its path.)',
    bad: 'parameters: [{ name: limit, in: query, ... }, { name: limit, in: query, ... }]',
    good: 'parameters: [{ name: limit, in: query, ... }]',
  },
  *check({ http }) {
    const seen = new Set<string>();
    for (const { root, operations } of http) {
      const items = (root.get('paths')?.entries() ?? []).map(([, item]) => item);
      for (const holder of [...items, ...operations.map(({ cursor }) => cursor)]) {
        const list = holder.get('parameters');
        if (list && !seen.has(`${list.file}#${list.pointer}`)) yield* problems(list);
        if (list) seen.add(`${list.file}#${list.pointer}`);
      }
    }
  },
};

function* problems(list: Cursor): Generator<Finding> {
  const first = new Map<string, Finding['loc']>();
  for (const param of list.items()) {
    const where = param.get('in')?.string() ?? '';
    const name = param.get('name')?.string() ?? '';
    // Header names are case-insensitive: RFC 9110, section 5.1.
    const key = `${where} ${where === 'header' ? name.toLowerCase() : name}`;
    const loc = param.via?.loc ?? param.loc;
    const other = first.get(key);
    if (!other) first.set(key, loc);
    else
      yield {
        message: `${where} parameter ${JSON.stringify(name)} is listed twice`,
        loc,
        fix: 'remove one of the two',
        related: [{ loc: other, message: 'the first one' }],
      };
  }
}
