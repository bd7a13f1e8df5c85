/**
 * The regular expression of a `pattern`, with the flag u if that works, as JSON Schema recommends (2020-12 core,
 * section 6.4). Many patterns have escapes such as `\_` that only work without it. Undefined if neither works.
 */
export function expressionOf(pattern: string): RegExp | undefined {
  return compiled(pattern, 'u') ?? compiled(pattern, '');
}

function compiled(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
