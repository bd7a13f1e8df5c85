import { type Finding, type Gate, matches } from './gate.ts';
import { blankProse } from './source.ts';
import { isSource } from './tree.ts';

/**
 * A cast is a claim that nobody checks. `as const` is allowed, and so is `as` in an import or export. Any other cast
 * needs a comment that says why it is sound, `// cast: <why>`, on its line or on the line above.
 */
const CAST =
  /^(?!\s*(?:import\b|export \{|export \*|export type \*)|.*\bin keyof ).*[\w)\]}'"`>] as (?!const\b)(?=[\w{[(])/gm;

export const casts: Gate = {
  name: 'casts',
  run: ({ files, read }) => {
    const findings: Finding[] = [];
    let explained = 0;
    for (const file of files.filter((name) => isSource(name) && name.endsWith('.ts'))) {
      const text = read(file);
      const lines = text.split('\n');
      for (const { line } of matches(blankProse(text), CAST)) {
        const around = `${lines[line - 2] ?? ''}\n${lines[line - 1] ?? ''}`;
        if (/\/\/ cast: \S/.test(around)) explained += 1;
        else
          findings.push({
            file,
            line,
            message:
              'a cast: use a type predicate or a parser instead, or explain it with "// cast: <why it is sound>"',
          });
      }
    }
    return { findings, note: `${explained} explained` };
  },
};
