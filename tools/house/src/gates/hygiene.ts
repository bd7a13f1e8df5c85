import { type Gate, matches } from './gate.ts';
import { blankProse } from './source.ts';
import { isRecorded } from './tree.ts';

interface Banned {
  readonly pattern: RegExp;
  readonly message: string;
  readonly applies: (file: string) => boolean;
}

const everywhere = (): boolean => true;
const isText = (file: string): boolean =>
  /\.(ts|js|cjs|json|ya?ml|md|sh|sql|avsc|java|xml|properties)$|(^|\/)(Makefile|run)$/.test(file);
const isTypeScript = (file: string): boolean => file.endsWith('.ts');

/** Text that no committed file may contain. Patterns are joined from parts, because the gate reads this file too. */
const BANNED: readonly Banned[] = [
  {
    pattern: new RegExp(
      ['(registry\\.npm', 'js\\.org|repo1?\\.maven', '\\.(org|apache\\.org)|files\\.python', 'hosted\\.org)'].join(''),
      'g',
    ),
    message:
      'names a package registry: use the name and version of a package, each machine configures its own registry',
    applies: everywhere,
  },
  {
    pattern: new RegExp('^\\s+(resolution: \\{.*)?tarball: ?.*$', 'gm'),
    message: 'is a download address in the lock file: install from the default registry, then commit again',
    applies: (file) => file === 'pnpm-lock.yaml',
  },
  {
    pattern: /^ +"[^"]+": "(?:npm:[^"]*@)?(?:[\^~*]|latest)[^"]*"/gm,
    message: 'is a version range: pin the exact version, so that every clone gets what was tested',
    applies: (file) => /(^|\/)package\.json$/.test(file),
  },
  {
    pattern: /(?<![\w./-])\/(home|root|Users|work)\/[A-Za-z0-9._-]+/g,
    message: 'is an absolute path of one machine: use a path relative to the repository, or a folder of os.tmpdir()',
    applies: everywhere,
  },
  {
    pattern: new RegExp(['@ts-(ignore', 'nocheck', 'expect-error)\\b'].join('|'), 'g'),
    message: 'silences the compiler: use a type predicate or a parser instead',
    applies: (file) => isTypeScript(file) && !file.endsWith('.types.spec.ts'),
  },
];

// The linter finds these as well, except in the files that it ignores.
const ANY = new RegExp(['\\bas any\\b', ': any\\b', '<any>'].join('|'), 'g');

export const hygiene: Gate = {
  name: 'hygiene',
  run: ({ files, read }) => ({
    findings: files
      .filter((file) => isText(file) && (file === 'pnpm-lock.yaml' || !isRecorded(file)))
      .flatMap((file) => {
        const rules = BANNED.filter(({ applies }) => applies(file));
        const text = read(file);
        const loose = isTypeScript(file) ? [...matches(blankProse(text), ANY)] : [];
        return [
          ...loose.map(({ line }) => ({
            file,
            line,
            message: '"any" turns type checking off: use unknown and narrow it',
          })),
          ...rules.flatMap(({ pattern, message }) =>
            [...matches(text, pattern)].map(({ line, match }) => ({
              file,
              line,
              message: `"${match.trim()}" ${message}`,
            })),
          ),
        ];
      }),
  }),
};
