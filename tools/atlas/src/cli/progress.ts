import { styleText } from 'node:util';

/** Work that takes longer says what it is doing. */
const PATIENCE_MS = 1000;

/**
 * Says what is being done once the work has taken a second: each stage a line, so that a log file reads well too.
 * `stop` when the work has ended.
 */
export function progress(say: (line: string) => void): { stage(name: string): void; stop(): void } {
  let current = '';
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    if (current !== '') say(line(current));
  }, PATIENCE_MS);
  timer.unref();
  return {
    stage(name) {
      current = name;
      if (late) say(line(name));
    },
    stop: () => clearTimeout(timer),
  };
}

function line(name: string): string {
  const text = `  ${name} ...`;
  return process.stderr.isTTY && process.env['NO_COLOR'] === undefined ? styleText('dim', text) : text;
}
