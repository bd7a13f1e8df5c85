const INTEGERS = ['smallint', 'integer', 'bigint'];

/** Whether a type accepts every value of the other one, with the same meaning. */
export function isWider(old: string, next: string): boolean {
  const [before, after] = [INTEGERS.indexOf(old), INTEGERS.indexOf(next)];
  if (before !== -1 && after !== -1) return after >= before;
  const [was, is] = [sized(old), sized(next)];
  if (was.name === 'character varying' && (is.name === 'text' || is.name === was.name))
    return is.sizes.length === 0 || (was.sizes.length > 0 && (is.sizes[0] ?? 0) >= (was.sizes[0] ?? 0));
  if (was.name === 'text' && is.name === 'character varying') return is.sizes.length === 0;
  if (was.name !== 'numeric' || is.name !== 'numeric') return false;
  const [precision = 0, scale = 0] = was.sizes;
  const [wider = 0, finer = 0] = is.sizes;
  return is.sizes.length === 0 || (was.sizes.length > 0 && finer >= scale && wider - finer >= precision - scale);
}

/** `numeric(10,2)` as its name and its numbers. */
function sized(type: string): { readonly name: string; readonly sizes: readonly number[] } {
  const [, name = type, sizes] = /^([^(]*)\(([\d,]+)\)$/.exec(type) ?? [];
  return { name, sizes: sizes?.split(',').map(Number) ?? [] };
}
