import { clip, html, type Html } from '@atlas/runtime/html';
import { WIDTHS, type Drawing, type Figure, type Size } from './chart.ts';
import { briefly, sentence } from './format.ts';
import { clock, dayText } from '../dates.ts';
import { swimlanes, type Lanes, type Point } from './swimlanes.ts';

type Entries = Parameters<typeof swimlanes>[0];

const RADIUS = 11;
/** How long a line of text may be, in characters. */
const LINE = 13;

/** Draws the timeline: a lane per service from left to right, or on a phone from top to bottom. */
export function swimlanePicture(entries: Entries, services: readonly string[]): Figure['draw'] {
  return (size: Size) => (size === 'wide' ? across(entries, services) : down(entries, services));
}

/** The width up to which the picture is scaled down. A wider one scrolls. */
const ROOM = WIDTHS.wide + 250;
const SIDE = 96;
const TOP = 62;
const LANE = 96;

function across(entries: Entries, services: readonly string[]): Drawing {
  const lanes = swimlanes(entries, services, { base: 56, grow: 6, same: 28, atLeast: WIDTHS.wide - SIDE });
  const height = TOP + lanes.lanes.length * LANE + 4;
  const width = Math.ceil(Math.max(WIDTHS.wide, SIDE + lanes.length));
  const place = ({ along, lane }: Point): Place => ({ x: SIDE + along, y: TOP + lane * LANE + 30 });
  return {
    height,
    width,
    scrolls: width > ROOM,
    inner: html`${marker('across')}
    ${lanes.lanes.map((lane, at) => {
      const y = TOP + at * LANE;
      return html`<rect
          x="0"
          y="${y}"
          width="${width}"
          height="${LANE}"
          fill="${at % 2 === 0 ? 'var(--wash)' : 'none'}"
        />
        <text x="12" y="${y + 34}" text-anchor="start" font-weight="600" font-size="13"
          >${clip(sentence(lane), 13)}</text
        >`;
    })}
    ${axis(lanes.points, height)} ${lanes.arrows.map(({ from, to }) => arrow(place(from), place(to), 'across'))}
    ${lanes.points.map((point) => {
      const { x, y } = place(point);
      return html`${dot(point, { x, y })}${linesOf(sentence(point.entry.type)).map(
        (line, at) => html`<text x="${px(x)}" y="${y + 26 + at * 13}" font-size="11.5" ${HALO}>${line}</text>`,
      )}`;
    })}`,
  };
}

const HALO = html`paint-order="stroke" stroke="var(--surface)" stroke-width="3" stroke-linejoin="round"`;

/** The width of a time of day. */
const CLOCK = 58;

/** The axis: days, times of day where there is room for them, and the time since the entry before. */
function axis(points: readonly Point[], height: number): readonly Html[] {
  let free = 0;
  return points.map((point, at) => {
    const before = points[at - 1];
    const isNewDay = !before || utcDay(before) !== utcDay(point);
    const hasTime = isNewDay || (point.along >= free && clock(before.entry.at) !== clock(point.entry.at));
    if (hasTime) free = point.along + CLOCK;
    return axisAt(point, { isNewDay, hasTime, isFirst: !before }, height);
  });
}

function axisAt(
  { entry, along, gap }: Point,
  { isNewDay, hasTime, isFirst }: Readonly<Record<'isNewDay' | 'hasTime' | 'isFirst', boolean>>,
  height: number,
): Html {
  const x = px(SIDE + along);
  return html`<line x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${height}" stroke="var(--line)" stroke-dasharray="2 4" />
    ${isNewDay && html`<text x="${x}" y="14" font-size="11.5" font-weight="600">${dayText(utcDay({ entry }))}</text>`}
    ${hasTime && html`<text x="${x}" y="30" font-size="11.5">${clock(entry.at)}</text>`}
    ${!isFirst && html`<text x="${x}" y="46" font-size="11" fill="var(--soft)">+${briefly(gap)}</text>`}`;
}

const LANE_ACROSS = 24;
const HEAD = 76;

function down(entries: Entries, services: readonly string[]): Drawing {
  const lanes = swimlanes(entries, services, { base: 46, grow: 9 });
  const text = lanes.lanes.length * LANE_ACROSS + 14;
  const height = Math.ceil(HEAD + lanes.length);
  const place = ({ along, lane }: Point): Place => ({ x: 14 + lane * LANE_ACROSS, y: HEAD + along });
  return {
    height,
    width: Math.max(WIDTHS.narrow, text + 200),
    scrolls: text + 200 > WIDTHS.narrow,
    inner: html`${marker('down')}
    ${lanes.lanes.map((lane, at) => {
      const x = 14 + at * LANE_ACROSS;
      return html`<line x1="${x}" x2="${x}" y1="${HEAD - 4}" y2="${height}" stroke="var(--line)" stroke-width="2" />
        <text transform="translate(${x + 3} ${HEAD - 10}) rotate(-50)" text-anchor="start"
          >${clip(sentence(lane), 11)}</text
        >`;
    })}
    ${lanes.arrows.map(({ from, to }) => arrow(place(from), place(to), 'down'))}
    ${lanes.points.map((point, at) => {
      const { x, y } = place(point);
      return html`${dot(point, { x, y })}<text x="${text}" y="${px(y - 2)}" text-anchor="start" font-weight="600"
          >${clip(sentence(point.entry.type), 27)}</text
        >
        <text x="${text}" y="${px(y + 13)}" text-anchor="start" font-size="11.5" fill="var(--soft)"
          >${timeBeside(point, lanes, at)}</text
        >`;
    })}`,
  };
}

function timeBeside(point: Point, { points }: Lanes, at: number): string {
  const before = points[at - 1];
  const time = clock(point.entry.at);
  if (!before || utcDay(before) !== utcDay(point)) return `${dayText(utcDay(point))}, ${time}`;
  return `${time}, +${briefly(point.gap)}`;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A circle if an event caused the entry, and a square if a request, a webhook or a timer did. */
function dot({ number, entry }: Point, { x, y }: Place): Html {
  const [left, top] = [px(x - RADIUS), px(y - RADIUS)];
  const side = 2 * RADIUS;
  return html`${
      entry.causedBy === undefined
        ? html`<rect x="${left}" y="${top}" width="${side}" height="${side}" rx="3" fill="var(--accent)" />`
        : html`<circle cx="${px(x)}" cy="${px(y)}" r="${RADIUS}" fill="var(--accent)" />`
    }<text x="${px(x)}" y="${px(y + 4)}" font-size="11" font-weight="600" fill="var(--surface)">${number}</text>`;
}

function marker(name: string): Html {
  return html`<defs
    ><marker id="tip-${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"
      ><path d="M0 .5 8 4 0 7.5z" fill="var(--edge)" /></marker
  ></defs>`;
}

/**
 * An arrow from the edge of one entry to the edge of another. Within one lane it goes around the entries between them.
 */
function arrow(from: Place, to: Place, way: 'across' | 'down'): Html {
  const gap = RADIUS + 2;
  const path = way === 'across' ? curve(from, to, gap) : turned(curve(turn(from), turn(to), gap));
  return html`<path
    d="${text(path)}"
    fill="none"
    stroke="var(--edge)"
    stroke-width="1.5"
    marker-end="url(#tip-${way})"
  />`;
}

/** Start, two controls and end of a cubic curve that goes to the right. */
type Curve = readonly [Place, Place, Place, Place];

function curve(from: Place, to: Place, gap: number): Curve {
  const distance = to.x - from.x;
  if (from.y === to.y && distance > 110) {
    const lift = RADIUS + 16;
    const [start, end] = [
      { x: from.x + gap * 0.6, y: from.y - gap * 0.8 },
      { x: to.x - gap * 0.6, y: to.y - gap * 0.8 },
    ];
    return [start, { x: start.x + 24, y: start.y - lift }, { x: end.x - 24, y: end.y - lift }, end];
  }
  const [start, end] = [
    { x: from.x + gap, y: from.y },
    { x: to.x - gap, y: to.y },
  ];
  const bend = Math.max(18, Math.min(60, (end.x - start.x) / 2));
  return [start, { x: start.x + bend, y: start.y }, { x: end.x - bend, y: end.y }, end];
}

function turn({ x, y }: Place): Place {
  return { x: y, y: x };
}

function turned([start, one, two, end]: Curve): Curve {
  return [turn(start), turn(one), turn(two), turn(end)];
}

function text([start, one, two, end]: Curve): string {
  const at = ({ x, y }: Place): string => `${px(x)} ${px(y)}`;
  return `M${at(start)}C${at(one)} ${at(two)} ${at(end)}`;
}

function px(value: number): number {
  return Math.round(value * 10) / 10;
}

function utcDay({ entry }: Pick<Point, 'entry'>): string {
  return new Date(entry.at).toISOString().slice(0, 10);
}

/** Splits a label into at most three lines. A word that is longer than a line is cut. */
function linesOf(label: string): readonly string[] {
  const lines: string[] = [];
  for (const word of clip(label, 60).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(clip(word, LINE));
  }
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), '…'];
}
