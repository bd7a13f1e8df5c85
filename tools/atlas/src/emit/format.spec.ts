import { describe, expect, it } from 'vitest';
import { formatted, formattedAll } from './format.ts';

const declaration = (index: number): string =>
  `// Number ${index}\n\nexport const   a${index} = { b: ${index}, c: '${'x'.repeat(index)}' }\n\n\n/** Last. */\n`;

describe('formatting many texts', () => {
  it('gives what formatting each of them gives, in their order', async () => {
    const texts = Array.from({ length: 300 }, (_, index) => ({ path: `a/${index}.ts`, text: declaration(index) }));
    const mixed = texts.map((each, index) => (index % 50 === 7 ? { ...each, path: `a/${index}.d.ts` } : each));
    const expected: string[] = [];
    for (const { path, text } of mixed) expected.push(await formatted(path, text));
    expect(await formattedAll(mixed)).toEqual(expected);
  });

  it('names the text that does not parse', async () => {
    const texts = ['const a = 1;', 'const =', 'const b = 2;'].map((text, index) => ({ path: `${index}.ts`, text }));
    await expect(formattedAll(texts)).rejects.toThrow('generated text of 1.ts does not parse');
  });

  it('keeps texts apart that declare the same name, or have the line that is put between texts', async () => {
    const same = [
      { path: 'a.ts', text: 'const a = 1' },
      { path: 'b.ts', text: 'const a = 2' },
    ];
    expect(await formattedAll(same)).toEqual(['const a = 1;\n', 'const a = 2;\n']);
    const seam = [
      { path: 'a.ts', text: '//= the next text =//\nconst a = 1' },
      { path: 'b.ts', text: 'const b = 2' },
    ];
    expect(await formattedAll(seam)).toEqual(['//= the next text =//\nconst a = 1;\n', 'const b = 2;\n']);
  });
});
