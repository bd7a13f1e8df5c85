import * as Plot from '@observablehq/plot';
import { html, type Html, type Part } from '@atlas/runtime/html';
import { SvgDocument, SvgElement } from './svgElement.ts';

/** Widths in CSS pixels: one picture for a desktop and one for a phone. The style shows one of them. */
export const WIDTHS = { wide: 1000, narrow: 340 } as const;
export type Size = keyof typeof WIDTHS;

export interface Drawing {
  readonly inner: Html;
  readonly height: number;
  /** The width, if it is not the usual one. */
  readonly width?: number;
  /** Whether it keeps its width and scrolls, because it would be too small to read otherwise. */
  readonly scrolls?: boolean;
}

export interface Figure {
  /** Unique on its page. */
  readonly id: string;
  readonly title: string;
  /** The text below the title, such as what a bar counts. */
  readonly note?: string;
  /** A description of the picture, for people who cannot see it. The table has the figures. */
  readonly description: string;
  readonly legend?: readonly { readonly fill: string; readonly text: string }[];
  readonly draw: (size: Size) => Drawing;
}

/** A picture with a title, in two sizes. Colours are variables of the style, so that it follows the theme. */
export function figure({ id, title, note, description, legend, draw }: Figure): Html {
  const drawn = { wide: draw('wide'), narrow: draw('narrow') };
  const picture = (size: Size): Html => {
    const { inner, height, width = WIDTHS[size], scrolls } = drawn[size];
    const name = `${id}-${size}`;
    return html`<svg
      class="${size}${scrolls === true && ' own'}"
      role="img"
      aria-labelledby="${name}-t"
      aria-describedby="${name}-d"
      viewBox="0 0 ${width} ${height}"
      ${scrolls === true && html`width="${width}" height="${height}"`}
      font-size="12"
      fill="currentColor"
      text-anchor="middle"
    >
      <title id="${name}-t">${title}</title>
      <desc id="${name}-d">${description}</desc>
      ${inner}
    </svg>`;
  };
  const scrolls = drawn.wide.scrolls === true || drawn.narrow.scrolls === true;
  return html`<figure>
    <figcaption>${title}${note !== undefined && html` <small>${note}</small>`}</figcaption>
    ${legend && keysOf(legend)}
    <div class="canvas" ${scrolls && html`role="region" aria-label="${title}: picture" tabindex="0"`}>
      ${picture('wide')}${picture('narrow')}
    </div>
  </figure>`;
}

function keysOf(legend: readonly { readonly fill: string; readonly text: Part }[]): Html {
  return html`<ul class="legend">
    ${legend.map(
      ({ fill, text }) =>
        html`<li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect x=".5" y=".5" width="9" height="9" rx="1.5" fill="${fill}" stroke="var(--edge)" /></svg
          >${text}
        </li>`,
    )}
  </ul>`;
}

/** The drawing of Observable Plot, as the inside of an SVG. */
export function plotted(options: Plot.PlotOptions): Html {
  // cast: SvgDocument has the part of a DOM that Plot uses, and a test draws every chart with it
  const document = new SvgDocument() as unknown as NonNullable<Plot.PlotOptions['document']>;
  const drawn: unknown = Plot.plot({ ...options, document, figure: false });
  if (!(drawn instanceof SvgElement)) throw new Error('the chart is not one picture');
  return drawn.inner();
}
