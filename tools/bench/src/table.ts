import { type Measured, type Unit } from './row.ts';

/**
 * One line per peer: the subject, our figure, the peer's figure, their ratio with its spread, and what is included.
 */
export interface Line {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly ratio: string;
  readonly note: string;
}

export function linesOf({ title, unit, comparison, note }: Measured): readonly Line[] {
  const { ours, peers } = comparison;
  return peers.map((peer, index) => ({
    what: title,
    ours: `${figure(ours.median, unit)} ±${percent(ours.spread)}`,
    peer: `${peer.name}: ${figure(peer.median, unit)} ±${percent(peer.spread)}`,
    ratio: `${peer.ratio.toFixed(2)} ±${percent(peer.ratioSpread)}`,
    note: index === 0 ? note : '',
  }));
}

export function markdown(lines: readonly Line[]): string {
  const head = '| what | Atlas | against | Atlas ÷ peer | what is included |\n|---|---|---|---|---|';
  return [
    head,
    ...lines.map(({ what, ours, peer, ratio, note }) => `| ${what} | ${ours} | ${peer} | ${ratio} | ${note} |`),
  ].join('\n');
}

export function text(lines: readonly Line[]): string {
  const columns = [(l: Line) => l.what, (l: Line) => l.ours, (l: Line) => l.peer, (l: Line) => l.ratio];
  const widths = columns.map((column) => Math.max(...lines.map((line) => column(line).length)));
  return lines
    .map((line) =>
      columns
        .map((column, i) => column(line).padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function figure(value: number, unit: Unit): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
