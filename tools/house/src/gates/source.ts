/**
 * Blanks comments and the text within quotes: prose, or code that a template prints, is not code of this file. Lengths
 * and line ends stay as they are, so positions stay valid.
 */
export function blankProse(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/(?<=^|\s)\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length))
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, (quoted) =>
      quoted.replaceAll(/[^\n'"`]/g, '_'),
    );
}
