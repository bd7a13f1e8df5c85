import { styleText } from 'node:util';

/** Progress is shown after this time. */
const PATIENCE_MS = 1000;

/**
 * Prints the current stage once the work has taken a second: one line per stage, which also reads well in a log file.
 * Call `stop` at the end.
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
