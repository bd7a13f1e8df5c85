import type { Gate } from './gate.ts';
import { isRecorded } from './tree.ts';

const LIMIT = 120;

/** How a comment begins, by kind of file: at the start of a line, or behind code. */
const KINDS: readonly { readonly files: RegExp; readonly comment: RegExp }[] = [
  { files: /\.(ts|js|cjs|mjs|java)$/, comment: /^\s*(?:\/\/|\/?\*)|\s\/\/ / },
  { files: /\.(sh|ya?ml|properties)$|(^|\/)(Makefile|run)$/, comment: /^\s*#|\s# / },
  { files: /\.sql$/, comment: /^\s*--|\s-- / },
];

/** Comments are at most 120 columns wide. The formatter wraps code to that width and leaves comments as they are. */
export const commentWidth: Gate = {
  name: 'comment width',
  run: ({ files, read }) => ({
    findings: files
      .filter((file) => !isRecorded(file))
      .flatMap((file) => {
        const kind = KINDS.find((candidate) => candidate.files.test(file));
        if (kind === undefined) return [];
        return read(file)
          .split('\n')
          .flatMap((line, index) => {
            const width = Array.from(line).length;
            if (width <= LIMIT || !kind.comment.test(withoutQuotes(line))) return [];
            const message = `a comment of ${width} columns, ${LIMIT} at most: wrap it, or say it in fewer words`;
            return [{ file, line: index + 1, message }];
          });
      }),
  }),
};

/** The line without what is within quotes, because a comment sign there is text. */
function withoutQuotes(line: string): string {
  return line.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''");
}
