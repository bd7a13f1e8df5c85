import type { components } from '@atlas/generated-reporting';
import { html, words, type Html, type Part } from '@atlas/runtime/html';
import { duration, instant } from './format.ts';
import {
  hrefOf,
  isWhole,
  linkTo,
  mayRead,
  REPORTS,
  TITLES,
  type QueryValue,
  type ReportId,
  type Viewer,
} from './report.ts';
import { CONTENT_SECURITY_POLICY, STYLE_SHEET } from './style.ts';

type Meta = components['schemas']['Meta'];

export interface Document {
  readonly id: ReportId;
  readonly viewer: Viewer;
  readonly meta: Meta;
  /** The query of this page, for links that reload it. */
  readonly query: Readonly<Record<string, QueryValue>>;
  readonly params?: Readonly<Record<string, string>>;
  /** The heading, if it is not the title of the report. */
  readonly heading?: string;
  readonly content: Part;
}

/** The whole document of a page. */
export function documentOf({ id, viewer, meta, query, params, heading, content }: Document): string {
  const { title, lead } = TITLES[id];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${heading ?? title} · Atlas reports</title>
        <link rel="icon" href="data:," />
        ${STYLE_SHEET.element}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <header>
          <div class="bound">
            <p class="brand">Atlas <span>reports</span></p>
            ${navigation(id, viewer)}
          </div>
        </header>
        <main id="main" class="bound" tabindex="-1">
          ${!isWhole(id) && html`<p class="crumb">${linkTo(viewer, 'searchOrders', '← All orders')}</p>`}
          <h1>${heading ?? title}</h1>
          <p class="lead">${lead}</p>
          ${freshness(meta, hrefOf(id, query, params), query['minVersion'])} ${content}
        </main>
        <footer>
          <div class="bound">
            <p>A report is made of events and decides nothing. All times are UTC.</p>
            <p><a href="/">All pages, and to log out</a></p>
          </div>
        </footer>
      </body>
    </html>`.toString();
}

function navigation(current: ReportId, viewer: Viewer): Html {
  const open = REPORTS.filter((id) => isWhole(id) && mayRead(viewer, id));
  return html`<nav aria-label="Reports">
    <ul>
      ${open.map(
        (id) =>
          html`<li>
            <a href="${hrefOf(id)}" ${id === current && html`aria-current="page"`}>${TITLES[id].title}</a>
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** The age of the figures, in words. */
function freshness({ asOf, lagSeconds, stale, satisfied, sources }: Meta, href: string, minVersion: QueryValue): Html {
  const age = duration(lagSeconds);
  return html`<section class="fresh${stale && ' warn'}" aria-label="How fresh this report is">
    <p>
      ${
        stale
          ? html`<strong>⚠ This report is stale.</strong> It shows events until ${instant(asOf)} UTC. What happened in
              the last ${age} may be missing.`
          : html`<strong>Up to date.</strong> As of ${instant(asOf)} UTC, ${age} before this page was made.`
      } <a href="${href}">Reload</a>
    </p>
    ${
      satisfied === false &&
      html`<p>
        <strong>Your change is not here yet.</strong> You asked for ${words(String(minVersion ?? 'a version'))}, which
        has not arrived. Reload in a moment.
      </p>`
    }
    ${
      sources.length > 0 &&
      html`<details>
        <summary>Where the figures come from</summary>
        <ul>
          ${sources.map(({ topic, watermark }) => html`<li><code>${topic}</code>, complete until ${instant(watermark)} UTC</li>`)}
        </ul>
      </details>`
    }
  </section>`;
}
