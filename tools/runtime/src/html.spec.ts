import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, html, styleSheet, words } from './html.ts';

describe('html', () => {
  it('escapes text inside of elements and of attributes', () => {
    const text = `<b a="1" b='2'>&amp;`;
    expect(html`<p title="${text}">${text}</p>`.toString()).toBe(
      '<p title="&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;amp;">&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;amp;</p>',
    );
  });

  it('keeps its own HTML as it is, joins lists, and leaves out false and undefined', () => {
    const items = ['<a>', 'b'].map((item) => html`<b>${item}</b>`);
    expect(html`<i>${items}${false}${undefined}${0}</i>`.toString()).toBe('<i><b>&lt;a&gt;</b><b>b</b>0</i>');
  });

  it('sends no indentation of its template', () => {
    expect(
      html`<ul>
        <li>${'a\n  b'}</li>
      </ul>`.toString(),
    ).toBe('<ul>\n<li>a\n  b</li>\n</ul>');
  });

  it('accepts nothing else as HTML, even if it can be converted to text', () => {
    // cast: what a caller without types could do
    const pretended = { toString: () => '<script>' } as unknown as string;
    expect(() => html`${pretended}`).toThrow(TypeError);
  });

  it('replaces characters that cannot be seen, and keeps the marks of writing directions', () => {
    expect(html`${'a\u202Eb\u2066c\0d\u0007e\u200Ff\tg'}`.toString()).toBe('a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\u200Ff\tg');
  });

  it('never lets a text end an attribute or begin an element', () => {
    const special = fc.constantFrom('<', '>', '"', "'", '&', ';', '#39;', 'a', ' ', '\u202E', '😀');
    const isSafe = (text: string) => !/[<>"']|&(?!(amp|lt|gt|quot|#39);)/.test(html`${text}`.toString());
    expect(fc.check(fc.property(fc.string({ unit: special }), isSafe))).toMatchObject({ failed: false });
  });
});

describe('a style', () => {
  it('is in the page with exactly the bytes that its hash covers', () => {
    const { element, source } = styleSheet('\na {\n  color: red }\n');
    expect(element.toString()).toBe('<style>\na {\n  color: red }\n</style>');
    expect(source).toBe("'sha256-ABH8ESB5i4ecSNN5z3aYTl19Yu5Zd9fOw7d4kB8qOCk='");
  });

  it('that a browser would not read back is refused', () => {
    expect(() => styleSheet('a::before { content: "x" }')).toThrow('a style has none of');
  });
});

describe('the text of people', () => {
  it('does not change the direction of the text around it, and is cut at a length', () => {
    expect(words('abcdef', 4).toString()).toBe('<bdi>abc…</bdi>');
  });

  it('is not cut within a character', () => {
    expect(clip('😀😀😀😀', 3)).toBe('😀😀…');
    expect(clip('😀😀😀', 3)).toBe('😀😀😀');
    expect(clip('', 3)).toBe('');
  });
});
