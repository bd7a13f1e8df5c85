import type { Reply } from '@atlas/runtime/gateway';
import { html, styleSheet, type Html } from '@atlas/runtime/html';

/**
 * For phones and desktops, dark and light themes, and keyboards. The colours are those of the pages of the reports,
 * with a contrast of 4.5 for text and of 3 for edges (WCAG 2.2, 1.4.3 and 1.4.11).
 */
const STYLE = styleSheet(`
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif;
  --paper: #f6f5f1; --surface: #fff; --ink: #1b2430; --soft: #525c69; --line: #d8d9d6; --accent: #155a8a; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #11151b; --surface: #191f28; --ink: #e7eaef; --soft: #a5afbd; --line: #323b47; --accent: #8cc4ec; } }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere; }
header { background: var(--surface); border-bottom: 1px solid var(--line); }
.bound { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
.brand { margin: 0; padding: 0.8rem 0; font-weight: 650; }
main.bound { padding: 1.5rem 1rem 3rem; }
h1 { margin: 0 0 1rem; font-size: clamp(1.55rem, 1.2rem + 1.6vw, 2.1rem); line-height: 1.2; letter-spacing: -0.015em; }
h2 { margin: 2rem 0 0.75rem; font-size: 1.2rem; line-height: 1.3; }
ul { margin: 0 0 1rem; padding: 0; list-style: none; background: var(--surface); border: 1px solid var(--line);
  border-radius: 6px; }
li { padding: 0.7rem 1rem; }
li + li { border-top: 1px solid var(--line); }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.main, button { display: inline-block; font: inherit; font-weight: 600; padding: 0.5rem 1.2rem; border: 0;
  border-radius: 4px; background: var(--accent); color: var(--surface); cursor: pointer; text-decoration: none; }
form p { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; }
.small { font-size: 0.875rem; color: var(--soft); }
li .small { display: block; }
`);

export interface Page {
  readonly status: number;
  readonly title: string;
  readonly content: Html;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another origin to which its forms may lead: that of the login server. */
  readonly formTo?: string | undefined;
}

/** A page without scripts, which loads nothing. */
export function page({ status, title, content, headers = {}, formTo }: Page): Reply {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Atlas</title>
        ${STYLE.element}
      </head>
      <body>
        <header>
          <div class="bound"><p class="brand">Atlas</p></div>
        </header>
        <main class="bound">
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `;
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'content-security-policy': [
        "default-src 'none'",
        `style-src ${STYLE.source}`,
        `form-action 'self'${formTo === undefined ? '' : ` ${formTo}`}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
    },
    body: document.toString(),
  };
}
