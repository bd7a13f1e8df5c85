import { type Finding, type Gate, matches } from './gate.ts';

/** The type of a handler, and the bracket behind it. Another function makes it if there is an arrow. */
const HANDLER = /: ([\w${}]+)\.Handler =>?\s*(?:async\s*)?\(/g;

/**
 * A handler writes the type of its answer, `Promise<Name.Result>`, or a list of them if it reads sets. Without it, the
 * compiler reports a wrong answer at the first line of the handler, and as a mismatch of whole functions. It reads
 * services, the stubs that `atlas init` writes, and the code blocks of how-tos. An effect is an object and not a
 * function, so it is not checked.
 */
export const handlerResults: Gate = {
  name: 'handler results',
  run: ({ files, read }) => {
    const findings: Finding[] = [];
    let handlers = 0;
    for (const file of files.filter(hasHandlers)) {
      const text = read(file);
      let from = 0;
      for (const { line, match } of matches(text, HANDLER)) {
        from = text.indexOf(match, from) + match.length;
        const name = /[\w${}]+/.exec(match)?.[0] ?? '';
        const after = text.slice(endOfParameters(text, from)).trimStart();
        if (!after.startsWith(':') && !after.startsWith('=>')) continue;
        handlers += 1;
        if (hasResult(after, name)) continue;
        const message = `the handler has no written result: add ": Promise<${name}.Result>" behind its parameters`;
        findings.push({ file, line, message });
      }
    }
    return { findings, note: `${handlers} handlers` };
  },
};

/** Whether the text behind the parameters begins with the result. A template may choose between the two forms. */
function hasResult(after: string, name: string): boolean {
  if (after.startsWith(': Promise<${')) return after.slice(0, after.indexOf('=>')).includes(`${name}.Result`);
  return [`${name}.Result`, `readonly ${name}.Result[]`].some((type) => after.startsWith(`: Promise<${type}>`));
}

function hasHandlers(file: string): boolean {
  if (/^(?:README|docs\/how-to\/.*)\.md$/.test(file)) return true;
  return /^(?:services|templates\/init)\/.*\.ts$/.test(file) && !file.endsWith('.spec.ts');
}

/** The offset behind the bracket that closes the one before `from`. */
function endOfParameters(text: string, from: number): number {
  let open = 1;
  let end = from;
  for (; end < text.length && open > 0; end++) {
    if (text[end] === '(') open++;
    if (text[end] === ')') open--;
  }
  return end;
}
