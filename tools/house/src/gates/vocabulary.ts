import { type Gate, matches } from './gate.ts';

/**
 * The toolkit works for anybody's specs, so it must not contain the words of the ERP, its first user. Everyday uses of
 * "order" (sort order, in order, ORDER BY) and "stack" are allowed.
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
        message: `"${match}" is a word of the ERP: tools/ and templates/ are generic, their examples book tickets`,
      })),
    ),
  }),
};

// tools/house and tools/bench work for this repository only: the first states its rules, the second measures services.
function isGeneric(file: string): boolean {
  return /^(tools\/(?!house\/|bench\/)|templates\/)/.test(file) && !/\/compiled\/[^/]+\.js$/.test(file);
}
