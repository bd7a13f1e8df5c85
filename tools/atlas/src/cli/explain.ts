import { explainCode } from '../codes/registry.ts';
import { EXIT, UsageError } from '../diagnostics/usageError.ts';
import type { Talk } from './talk.ts';

/** Prints what a code means, why it matters, and a wrong and a fixed example; or what a change of `breaking` means. */
export async function explain(code: string, talk: Talk): Promise<number> {
  const info = explainCode(code);
  if (!info) return explainFound(code, talk);
  const { why, bad, good } = info.explain;
  const example = (label: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : ['', `${label}:`, ...text.split('\n').map((line) => `  ${line}`)];
  talk.data([`${info.code}: ${info.title}`, '', why, ...example('Wrong', bad), ...example('Fixed', good)].join('\n'));
  return EXIT.clean;
}

async function explainFound(id: string, talk: Talk): Promise<number> {
  const { explainChange, LEVELS } = await import('../breaking/changes.ts');
  const change = explainChange(id.toLowerCase());
  if (!change)
    throw new UsageError(`explain ${id}: unknown code; codes look like ATL2003, and changes like path-removed`);
  talk.data([`${change.id}: ${LEVELS[change.level]}`, '', change.purpose].join('\n'));
  return EXIT.clean;
}
