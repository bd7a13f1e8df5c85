import * as Plot from '@observablehq/plot';
import { clip, type Html } from '@atlas/runtime/html';
import { figure, plotted, WIDTHS, type Size } from './chart.ts';

/** A whole with a highlighted part, such as the reserved part of the stock on hand. */
export interface PartRow {
  readonly label: string;
  readonly whole: number;
  readonly part: number;
  /** The text beside the bar: the figures in words. */
  readonly text: string;
}

export interface PartBars {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly description: string;
  readonly whole: string;
  readonly part: string;
  readonly partFill: string;
  readonly rows: readonly PartRow[];
}

/** The most characters that fit on a phone. */
const MOST_NARROW = 54;
const ROW = 44;
const LABEL = { fontSize: 12.5, textAnchor: 'start', fill: 'currentColor' } as const;

/** A bar per row: the whole with its part inside. Each has its name above it and its figures in words. */
export function partBars({ rows, whole, part, partFill, ...rest }: PartBars): Html {
  return figure({
    ...rest,
    legend: [
      { fill: 'var(--bar-soft)', text: whole },
      { fill: partFill, text: part },
    ],
    draw: (size) => ({ inner: partPlot(rows, partFill, size), height: rows.length * ROW + 8 }),
  });
}

function partPlot(rows: readonly PartRow[], partFill: string, size: Size): Html {
  const bars = rows.map((row, at) => ({
    ...row,
    at,
    label: clip(`${row.label}: ${row.text}`, size === 'wide' ? 120 : MOST_NARROW),
  }));
  const at = { y: 'at', insetTop: 20, insetBottom: 6, rx: 2 };
  return plotted({
    width: WIDTHS[size],
    height: rows.length * ROW + 8,
    margin: 4,
    x: { axis: null, domain: [0, Math.max(1, ...rows.map((row) => row.whole))] },
    y: { axis: null, type: 'band', domain: bars.map((bar) => bar.at), padding: 0 },
    marks: [
      Plot.text(bars, { frameAnchor: 'left', y: 'at', text: 'label', dy: -12, ...LABEL }),
      Plot.barX(bars, { ...at, x: 'whole', fill: 'var(--bar-soft)', stroke: 'var(--edge)' }),
      Plot.barX(bars, { ...at, x: 'part', fill: partFill, stroke: 'var(--edge)' }),
    ],
  });
}

/** A whole and its kinds, such as debts by age. */
export interface ShareRow {
  readonly label: string;
  readonly text: string;
  /** One value for each kind. */
  readonly values: readonly number[];
}

export interface ShareBars {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly description: string;
  /** In the order of the values of a row. */
  readonly kinds: readonly { readonly fill: string; readonly text: string }[];
  readonly rows: readonly ShareRow[];
}

/** A bar of full length per row, cut into its kinds. Rows count different things, so only shares can be compared. */
export function shareBars({ rows, kinds, ...rest }: ShareBars): Html {
  return figure({
    ...rest,
    legend: kinds,
    draw: (size) => ({ inner: sharePlot(rows, kinds, size), height: rows.length * SHARE_ROW + 24 }),
  });
}

const SHARE_ROW = 58;

function sharePlot(rows: readonly ShareRow[], kinds: ShareBars['kinds'], size: Size): Html {
  const names = rows.map((row, at) => ({
    at,
    label: clip(`${row.label}: ${row.text}`, size === 'wide' ? 120 : MOST_NARROW),
  }));
  const parts = rows.flatMap((row, at) => {
    const total = row.values.reduce((sum, value) => sum + value, 0);
    let from = 0;
    return row.values.flatMap((value, kind) => {
      if (value === 0 || total === 0) return [];
      const part = { at, from, to: from + value / total, fill: kinds[kind]?.fill ?? 'var(--bar)' };
      from = part.to;
      return [part];
    });
  });
  return plotted({
    width: WIDTHS[size],
    height: rows.length * SHARE_ROW + 24,
    margin: 4,
    marginBottom: 24,
    marginLeft: 14,
    marginRight: 18,
    x: { domain: [0, 1], tickFormat: '.0%', ticks: 4, label: null, tickSize: 4 },
    y: { axis: null, type: 'band', domain: names.map((name) => name.at), padding: 0 },
    marks: [
      Plot.text(names, { frameAnchor: 'left', y: 'at', text: 'label', dy: -18, ...LABEL }),
      Plot.barX(parts, {
        y: 'at',
        x1: 'from',
        x2: 'to',
        fill: (part: { readonly fill: string }) => part.fill,
        stroke: 'var(--edge)',
        insetTop: 22,
        insetBottom: 8,
        insetLeft: 1,
        insetRight: 1,
      }),
    ],
  });
}

/** Bars over time, with one row of bars per measure, all with the same scale. */
export interface TimeBars {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly description: string;
  /** In their order. */
  readonly periods: readonly string[];
  readonly nameOf: (period: string) => string;
  readonly tickOf: (value: number) => string;
  readonly measures: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const MEASURE = 100;

export function timeBars({ periods, nameOf, tickOf, measures, ...rest }: TimeBars): Html {
  return figure({
    ...rest,
    draw: (size) => ({
      inner: timePlot({ periods, nameOf, tickOf, measures }, size),
      height: measures.length * MEASURE + 28,
    }),
  });
}

function timePlot(
  { periods, nameOf, tickOf, measures }: Pick<TimeBars, 'periods' | 'nameOf' | 'tickOf' | 'measures'>,
  size: Size,
): Html {
  const bars = measures.flatMap(({ name, values }) =>
    periods.map((period, at) => ({ name, period, value: values[at] ?? 0 })).filter(({ value }) => value > 0),
  );
  const names = measures.map(({ name }) => name);
  const most = size === 'wide' ? 8 : 3;
  const step = Math.max(1, Math.ceil(periods.length / most));
  const gap = periods.length > 120 ? 0 : 0.5;
  return plotted({
    width: WIDTHS[size],
    height: measures.length * MEASURE + 28,
    marginLeft: 46,
    marginRight: 22,
    marginTop: 4,
    marginBottom: 24,
    x: {
      type: 'band',
      domain: periods,
      padding: 0.15,
      label: null,
      ticks: periods.filter((_, at) => at % step === 0),
      tickFormat: nameOf,
      tickSize: 4,
    },
    y: {
      domain: [0, Math.max(1, ...bars.map((bar) => bar.value))],
      label: null,
      ticks: 2,
      tickFormat: tickOf,
      tickSize: 0,
      nice: true,
    },
    fy: { domain: names, axis: null, padding: 0.22 },
    marks: [
      Plot.gridY({ ticks: 2, stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.barY(bars, {
        x: 'period',
        y: 'value',
        fy: 'name',
        fill: 'var(--bar)',
        insetLeft: gap,
        insetRight: gap,
        rx: 1,
      }),
      Plot.ruleY([0], { stroke: 'var(--edge)' }),
      Plot.text(names, {
        fy: (name: string) => name,
        text: (name: string) => name,
        frameAnchor: 'top-left',
        dx: 4,
        dy: 2,
        fontWeight: 600,
        stroke: 'var(--surface)',
        strokeWidth: 4,
        ...LABEL,
      }),
    ],
  });
}
