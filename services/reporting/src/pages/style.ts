import { styleSheet } from '@atlas/runtime/html';

/**
 * The style of every page. It is constant, so that the Content-Security-Policy can contain its hash, and it has none of
 * the characters that `html` escapes. Each colour is a pair for light and dark, with a contrast of 4.5 for text and of
 * 3 for parts of pictures (WCAG 2.2, 1.4.3 and 1.4.11).
 */
export const STYLE = `
:root{color-scheme:light dark;
--paper:#f6f5f1;--surface:#fff;--ink:#1b2430;--soft:#525c69;--line:#d8d9d6;--shade:#1b243033;--edge:#6f7985;--accent:#155a8a;--wash:#e6eff6;
--warn:#7a4300;--warn-wash:#fdf0dc;--warn-line:#c47f1f;
--bar:#2f77ab;--bar-soft:#c3d9ea;--bar-alert:#b3541e;
--age0:#cfe0ec;--age1:#8db6d3;--age2:#f0c36d;--age3:#d9822b;--age4:#8f2d1d;
--font:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,Liberation Mono,monospace}
@media(prefers-color-scheme:dark){:root{
--paper:#11151b;--surface:#191f28;--ink:#e7eaef;--soft:#a5afbd;--line:#323b47;--shade:#000000b3;--edge:#8994a3;--accent:#8cc4ec;--wash:#1f3040;
--warn:#ffd08a;--warn-wash:#33270f;--warn-line:#b98429;
--bar:#5ea3d4;--bar-soft:#29455c;--bar-alert:#f09a62;
--age0:#2b4457;--age1:#4f87ad;--age2:#d8a94f;--age3:#e98d42;--age4:#ff8a73}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 var(--font);overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.15em}
a:hover{text-decoration-thickness:.14em}
:focus-visible,input:focus,input:focus-within{outline:3px solid var(--accent);outline-offset:2px;border-radius:2px}
main:focus{outline:none}
.skip{position:absolute;left:-100rem;top:0;background:var(--surface);padding:.75rem 1rem;z-index:1}
.skip:focus{left:.5rem;top:.5rem}
.bound{max-width:70rem;margin:0 auto;padding:0 1.25rem}
header{background:var(--surface);border-bottom:1px solid var(--line)}
header .bound{display:flex;flex-wrap:wrap;gap:0 2rem;align-items:center}
.brand{margin:.8rem 0;font-weight:650;letter-spacing:.01em;white-space:nowrap}
.brand span{color:var(--soft);font-weight:400}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:0 .35rem}
nav a{display:block;padding:.8rem .6rem;color:var(--soft);text-decoration:none;border-bottom:3px solid transparent;border-top:3px solid transparent}
nav a:hover{color:var(--ink);border-bottom-color:var(--line)}
nav a[aria-current]{color:var(--ink);font-weight:600;border-bottom-color:var(--accent)}
main.bound{padding-top:2rem;padding-bottom:3rem}
h1{font-size:clamp(1.55rem,1.2rem + 1.6vw,2.1rem);line-height:1.2;letter-spacing:-.015em;margin:0 0 .35rem}
h2{font-size:1.2rem;line-height:1.3;margin:2.5rem 0 .75rem}
p{margin:0 0 .75rem;max-width:46rem}
.lead{color:var(--soft);margin-bottom:1.25rem}
.crumb{margin:0 0 .5rem;font-size:.9rem}
.fresh{background:var(--surface);border:1px solid var(--line);border-left:4px solid var(--bar);border-radius:6px;padding:.75rem 1rem;margin:0 0 1.5rem;font-size:.925rem}
.fresh p{margin:0;max-width:none}
.fresh.warn{background:var(--warn-wash);border-color:var(--warn-line)}
.fresh.warn strong{color:var(--warn)}
.fresh p+p,.fresh details{margin-top:.4rem}
.fresh details{color:var(--soft)}
.fresh.warn details{color:inherit}
summary{cursor:pointer;padding:.25rem 0;width:fit-content}
.fresh ul{margin:.25rem 0;padding-left:1.25rem}
.filters{background:var(--surface);border:1px solid var(--line);border-radius:6px;margin:0 0 1.5rem}
.filters summary{padding:.75rem 1rem;font-weight:600;width:auto}
form{padding:.25rem 1rem 1rem}
.fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,13.5rem),1fr));gap:.9rem 1rem}
label{display:block;font-size:.875rem;color:var(--soft);margin-bottom:.2rem}
input,select{width:100%;min-height:2.6rem;padding:.4rem .6rem;font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--edge);border-radius:4px}
.tick{align-self:end;display:flex;align-items:center;gap:.6rem;min-height:2.6rem}
.tick label{margin:0;color:inherit}
.tick input{width:1.35rem;min-height:1.35rem;height:1.35rem;flex:none;accent-color:var(--accent)}
.hint{font-size:.8rem;color:var(--soft);margin:.25rem 0 0}
.act{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;margin-top:1rem}
button,.more{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.2rem;border:0;border-radius:4px;background:var(--accent);color:var(--surface);cursor:pointer;text-decoration:none;display:inline-block}
.act a:not(.more),.crumb a{padding:.3rem 0}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;margin:0 0 1rem;position:relative}
table{border-collapse:collapse;width:100%;font-size:.925rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.75rem .7rem;color:var(--soft);font-size:.875rem}
th,td{padding:.55rem .7rem;text-align:left;vertical-align:top;border-top:1px solid var(--line);overflow-wrap:normal}
thead th{color:var(--soft);font-weight:600;font-size:.8125rem;white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:600}
tbody tr:hover{background:var(--wash)}
tr:target{background:var(--wash)}
.num{text-align:right;white-space:nowrap}
.key,time{white-space:nowrap}
.text{min-width:13rem;max-width:30rem;overflow-wrap:anywhere}
.name{min-width:10rem;max-width:18rem;overflow-wrap:anywhere}
.soft{color:var(--soft)}
td small,th small,dd small{display:block;color:var(--soft);font-size:.85rem;font-weight:400}
code,.key{font-family:var(--mono);font-size:.9em}
td dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .75rem;margin:.25rem 0;font-size:.85rem}
td dt{color:var(--soft)}td dd{margin:0}
.state{display:inline-block;padding:.05rem .5rem;border:1px solid var(--edge);border-radius:1rem;font-size:.85rem;white-space:nowrap}
.state.open{background:var(--wash);border-color:var(--accent)}
.state.alert{border-color:var(--warn-line);background:var(--warn-wash);color:var(--warn)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,13rem),1fr));gap:1rem 1.5rem;margin:0 0 1.5rem}
.facts dt{color:var(--soft);font-size:.875rem}
.facts dd{margin:0;font-weight:600}
.facts dd .key{font-weight:400}
.facts time,.fresh time{white-space:normal}
figure{margin:0 0 1rem;background:var(--surface);border:1px solid var(--line);border-radius:6px}
figcaption{padding:.75rem 1rem 0;font-weight:600}
figcaption small{display:block;color:var(--soft);font-weight:400;font-size:.875rem}
.canvas{padding:.75rem 1rem 1rem;overflow-x:auto;position:relative}
.scroll,.canvas[role]{background:linear-gradient(90deg,var(--surface) 40%,transparent) 0 0/2.5rem 100% local,linear-gradient(270deg,var(--surface) 40%,transparent) 100% 0/2.5rem 100% local,linear-gradient(90deg,var(--shade),transparent) 0 0/.9rem 100% scroll,linear-gradient(270deg,var(--shade),transparent) 100% 0/.9rem 100% scroll,var(--surface);background-repeat:no-repeat}
.canvas svg{display:block;width:100%;height:auto;font-family:var(--font)}
.canvas svg.own{width:auto;max-width:none}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0;padding:.5rem 1rem 0;font-size:.875rem}
.legend svg{width:.95rem;height:.95rem;vertical-align:-.1rem;margin-right:.4rem}
.narrow{display:none!important}
.none{background:var(--surface);border:1px dashed var(--edge);border-radius:6px;padding:1.5rem 1.25rem;color:var(--soft)}
.none p{margin:0}
footer{border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
footer p{margin:1rem 0}
@media(max-width:46rem){
.bound,main.bound{padding-left:1rem;padding-right:1rem}
main.bound{padding-top:1.25rem}
.facts{grid-template-columns:repeat(auto-fill,minmax(min(100%,9rem),1fr))}
.wide{display:none!important}
.narrow{display:block!important}
.canvas{padding:.75rem .5rem}
header .bound{display:flow-root}
nav{margin:0 -.6rem .4rem}
nav a{padding:.5rem .6rem;border-top:0}
th,td{padding:.5rem .55rem}}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media(forced-colors:active){nav a[aria-current]{border-bottom-color:Highlight}}
@media print{
:root{--paper:#fff;--surface:#fff;--ink:#000;--soft:#333;--line:#999;--edge:#333;--accent:#000;--wash:#fff;--warn:#000;--warn-wash:#fff}
nav,.filters,.skip,.act{display:none}
.scroll,.canvas{overflow:visible}
table{font-size:8.5pt}th,td{padding:.25rem .4rem}
tr,figure{break-inside:avoid}
thead{display:table-header-group}}
`;

export const STYLE_SHEET = styleSheet(STYLE);

/**
 * The policy of a page: it allows its one style and nothing else, neither scripts nor other hosts. `frame-ancestors` is
 * left out, because it has an effect only in the header (CSP 3, section 3.3).
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${STYLE_SHEET.source}`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
].join('; ');
