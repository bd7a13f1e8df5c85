/** The names in braces of a path template, in order, doubled ones twice. */
export function templateNames(path: string): readonly string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '');
}

/** The path with its names forgotten: two of the same kind answer the same requests. */
export function templateKind(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, '{}');
}
