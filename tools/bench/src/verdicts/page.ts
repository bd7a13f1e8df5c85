import type { Pair } from './pair.ts';
import type { Verdict, Verdicts } from './judges.ts';

/** The page that compares both tools, pair by pair. */
export function page(pairs: readonly Pair[], ours: Verdicts, theirs: Verdicts, peer: string): string {
  const rows = pairs.map((pair) => {
    const cells = [ours, theirs].map((verdicts) => shown(pair, verdicts.get(pair.id) ?? 'fine'));
    return `| ${escaped(pair.edit)} | ${pair.breaks ? 'breaks' : 'fine'} | ${cells.join(' | ')} | ${escaped(pair.because)} |`;
  });
  const head = ['| | right | false alarm | missed | unsure |', '|---|---|---|---|---|'];
  const counts = [
    `| \`atlas breaking\` | ${countsOf(pairs, ours).join(' | ')} |`,
    `| ${peer} | ${countsOf(pairs, theirs).join(' | ')} |`,
  ];
  return `# Verdicts, compared

${pairs.length} pairs of operations that differ in one thing each, judged by \`atlas breaking\` and by ${peer}, each with its defaults. "Breaks" means that a client that obeys the
old version can fail with the new one. A warning counts as unsure. A test checks the column of Atlas; \`npx node tools/bench/src/verdicts/main.ts --oasdiff <program>\` writes this page.

${[...head, ...counts].join('\n')}

| edit | truth | Atlas | oasdiff | because |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

/** The verdicts of the peer that a page has, pair by pair: what was measured when it was written. */
export function peerVerdictsOf(text: string, pairs: readonly Pair[]): Verdicts {
  const rows = new Map(text.split('\n').map((line) => [line.split(' | ')[0]?.slice('| '.length), line]));
  return new Map(
    pairs.flatMap((pair) => {
      const cell = rows.get(escaped(pair.edit))?.split(' | ')[3];
      const verdict = VERDICTS.find((one) => shown(pair, one) === cell);
      return verdict === undefined ? [] : [[pair.id, verdict] as const];
    }),
  );
}

const VERDICTS: readonly Verdict[] = ['breaks', 'fine', 'unsure'];

type Judgement = 'right' | 'false alarm' | 'missed' | 'unsure';

function judgement({ breaks }: Pair, verdict: Verdict): Judgement {
  if (verdict === 'unsure') return 'unsure';
  if ((verdict === 'breaks') === breaks) return 'right';
  return breaks ? 'missed' : 'false alarm';
}

function shown(pair: Pair, verdict: Verdict): string {
  const judged = judgement(pair, verdict);
  return judged === 'right' ? verdict : `**${judged}**`;
}

function countsOf(pairs: readonly Pair[], verdicts: Verdicts): readonly number[] {
  const all = pairs.map((pair) => judgement(pair, verdicts.get(pair.id) ?? 'fine'));
  const kinds: readonly Judgement[] = ['right', 'false alarm', 'missed', 'unsure'];
  return kinds.map((kind) => all.filter((each) => each === kind).length);
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
