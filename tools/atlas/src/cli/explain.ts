import { explainCode } from '../codes/registry.ts';
import { EXIT, UsageError } from '../diagnostics/usageError.ts';
import type { Talk } from './talk.ts';

/** Prints what a code means, why it matters, and a wrong and a fixed example. */
export function explain(code: string, talk: Talk): number {
  const info = explainCode(code);
  if (!info) throw new UsageError(`explain ${code}: unknown code; codes look like ATL2003`);
  const { why, bad, good } = info.explain;
  const example = (label: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : ['', `${label}:`, ...text.split('\n').map((line) => `  ${line}`)];
  talk.data([`${info.code}: ${info.title}`, '', why, ...example('Wrong', bad), ...example('Fixed', good)].join('\n'));
  return EXIT.clean;
}
