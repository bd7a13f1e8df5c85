import type { LackingHandler } from '@atlas/templates/init';

/**
 * The text of a service's `main.ts` with one more handler: its import, and its entry in the table. Undefined if the
 * file is not written as `atlas init service` writes it. Not formatted yet.
 */
export function mainWith(text: string, { name, table }: Pick<LackingHandler, 'name' | 'table'>): string | undefined {
  const entered = withEntry(text.split('\n'), table, `${name}: ${name}()`);
  return entered && withImport(entered, name)?.join('\n');
}

type Lines = readonly string[];

function withEntry(lines: Lines, table: string, entry: string): Lines | undefined {
  const start = lines.findIndex((line) => line.startsWith(`  ${table}: {`));
  if (start === -1) {
    const end = lines.findIndex((line) => line === '});');
    return end === -1 ? undefined : lines.toSpliced(end, 0, `  ${table}: { ${entry} },`);
  }
  const inOneLine = /^( {2}\w+: \{)(.*)\},$/.exec(lines[start] ?? '');
  if (inOneLine) {
    const [, head = '', entries = ''] = inOneLine;
    const before = entries.trim().replace(/,$/, '');
    return lines.with(start, `${head} ${before === '' ? entry : `${before}, ${entry}`} },`);
  }
  const end = lines.findIndex((line, index) => index > start && line === '  },');
  return end === -1 ? undefined : lines.toSpliced(end, 0, `    ${entry},`);
}

/** The handlers' imports are sorted by their files. */
function withImport(lines: Lines, name: string): Lines | undefined {
  const fileOf = (line: string): string | undefined => /^import .* from '\.\/app\/(\w+)\.ts';$/.exec(line)?.[1];
  const later = lines.findIndex((line) => (fileOf(line) ?? '') > name);
  const last = lines.findLastIndex((line) => fileOf(line) !== undefined);
  const any = lines.findLastIndex((line) => line.startsWith('import '));
  const at = later === -1 ? (last === -1 ? any : last) + 1 : later;
  return any === -1 ? undefined : lines.toSpliced(at, 0, `import { ${name} } from './app/${name}.ts';`);
}
