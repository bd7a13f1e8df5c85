import { describe, expect, it } from 'vitest';
import { type Out, progress } from './progress.ts';

function written(terminal: Pick<Out, 'isTTY' | 'columns'> = {}): { out: Out; text: () => string } {
  const chunks: string[] = [];
  return { out: { ...terminal, write: (chunk) => chunks.push(chunk) }, text: () => chunks.join('') };
}

describe('progress', () => {
  it('prints a line per change if there is no terminal', () => {
    const { out, text } = written();
    const report = progress(out);
    report('kafka', 'working', 'starting');
    report('kafka', 'working', 'starting');
    report('kafka', 'up', 'there');
    expect(text()).toBe('  … kafka     starting\n  ✓ kafka     there\n');
  });

  it('rewrites its lines in place on a terminal, cut to the width of it', () => {
    const { out, text } = written({ isTTY: true, columns: 15 });
    const report = progress(out);
    report('a', 'working', 'one');
    report('b', 'up', 'two');
    expect(text()).toBe('\u001B[2K  … a         o\n\u001B[1A\u001B[2K  … a         o\n\u001B[2K  ✓ b         t\n');
  });
});
