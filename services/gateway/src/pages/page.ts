import type { Reply } from '@atlas/runtime/gateway';
import { html, styleSheet, type Html } from '@atlas/runtime/html';

/** For phones and desktops, dark and light themes, and keyboards. */
const STYLE = styleSheet(`
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 42rem; padding: 1.5rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.125rem; }
li { margin: 0.5rem 0; }
a, button { font: inherit; padding: 0.25rem 0; }
a:focus-visible, button:focus-visible { outline: 3px solid; outline-offset: 2px; }
button { padding: 0.25rem 0.75rem; cursor: pointer; }
.small { font-size: 0.875rem; opacity: 0.8; overflow-wrap: anywhere; }
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
        <main>
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
