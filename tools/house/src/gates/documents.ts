import { posix } from 'node:path';
import { type Finding, type Gate, matches, type Tree } from './gate.ts';
import { isRecorded } from './tree.ts';

/**
 * Things that the documents name must exist. Links lead to files, `make x` names a target, and a code block below `<!--
 * excerpt: path -->` is still part of that file. A line of `…` skips lines; the indentation may differ.
 */
export const documents: Gate = {
  name: 'documents',
  run: (tree) => {
    const pages = tree.files.filter((file) => file.endsWith('.md') && !isRecorded(file));
    const findings = pages.flatMap((file) => {
      const text = tree.read(file);
      return [...deadLinks(tree, file, text), ...unknownTargets(tree, file, text), ...staleExcerpts(tree, file, text)];
    });
    return { findings, note: `${pages.length} pages` };
  },
};

function* deadLinks({ files }: Tree, file: string, text: string): Generator<Finding> {
  for (const { line, match } of matches(text, /\]\((?!https?:|#|mailto:)[^)\s]+\)/g)) {
    const target = match.slice(2, -1).split('#')[0] ?? '';
    const path = posix.normalize(posix.join(posix.dirname(file), target)).replace(/\/$/, '');
    if (!files.some((known) => known === path || known.startsWith(`${path}/`)))
      yield { file, line, message: `the link leads to ${target}, which does not exist` };
  }
}

function* unknownTargets(tree: Tree, file: string, text: string): Generator<Finding> {
  const known = new Set(
    tree.files.includes('Makefile') ? [...tree.read('Makefile').matchAll(/^([a-z]+):/gm)].map(([, name]) => name) : [],
  );
  for (const { line, match } of matches(text, /(?<=`|^|\$ )make [a-z]+/gm)) {
    const target = match.slice('make '.length);
    if (!known.has(target)) yield { file, line, message: `the Makefile has no target for "${match}"` };
  }
}

function* staleExcerpts(tree: Tree, file: string, text: string): Generator<Finding> {
  for (const { line, match } of matches(text, /<!-- excerpt: \S+ -->\s*```[^\n]*\n[\s\S]*?\n```/g)) {
    const source = /excerpt: (\S+) -->/.exec(match)?.[1] ?? '';
    const block = match.slice(match.indexOf('\n', match.indexOf('```')) + 1, match.lastIndexOf('\n'));
    if (!tree.files.includes(source))
      yield { file, line, message: `the excerpt is from ${source}, which does not exist` };
    else if (!isPartOf(block, tree.read(source)))
      yield { file, line, message: `the excerpt is no longer part of ${source}: copy it again` };
  }
}

/** True if the parts between lines of `…` occur in the source in this order. Lines are compared without indentation. */
function isPartOf(block: string, source: string): boolean {
  const plain = (text: string): string =>
    `\n${text
      .split('\n')
      .map((line) => line.trim())
      .join('\n')}\n`;
  const parts = plain(block)
    .split(/\n…\n/)
    .map((part) => `\n${part.replaceAll(/^\n+|\n+$/g, '')}\n`);
  let rest = plain(source);
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length - 1);
  }
  return true;
}
