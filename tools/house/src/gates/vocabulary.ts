import { type Gate, matches } from './gate.ts';

/**
 * The toolkit works for anybody's specs, so it must not know the words of the business that uses it first. The plain
 * verb and noun "order" (sort order, in order, ORDER BY) and "stack" are nobody's property.
 */
const WORDS = new RegExp(
  [
    '\\borders\\b|\\borderI[dD]\\b|(?:create|place|cancel|discard|update|release|get|read|load|save|list|pg|on)Orders?\\b|\\bOrder(?!By)[A-Z]\\w*',
    '[iI]nvoic(?:e|es|ed|ing)(?![a-z])',
    '\\b[iI]nventory|[wW]arehouse|\\bsku\\b',
    '\\b[sS]tock(?![a-z])',
  ].join('|'),
  'g',
);

export const vocabulary: Gate = {
  name: 'vocabulary',
  run: ({ files, read }) => ({
    findings: files.filter(isGeneric).flatMap((file) =>
      [...matches(read(file), WORDS)].map(({ line, match }) => ({
        file,
        line,
        message: `"${match}" is a word of the ERP: tools/ and templates/ are generic (examples there book tickets)`,
      })),
    ),
  }),
};

// tools/house and tools/bench are this repository's own: the first names the rules, the second measures the services.
function isGeneric(file: string): boolean {
  return /^(tools\/(?!house\/|bench\/)|templates\/)/.test(file) && !/\/compiled\/[^/]+\.js$/.test(file);
}
