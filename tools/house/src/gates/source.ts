/**
 * Text within comments and quotes is prose, or code being made: neither casts nor loosens anything here. Lengths and
 * line ends stay, so that positions do.
 */
export function blankProse(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/(?<=^|\s)\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length))
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, (quoted) =>
      quoted.replaceAll(/[^\n'"`]/g, '_'),
    );
}
