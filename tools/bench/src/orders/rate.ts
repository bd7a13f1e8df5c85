import { NotMeasurable } from '../row.ts';
import type { Draft, Shop } from './shop.ts';

const CONNECTIONS = 16;

/** Makes `count` drafts, over several connections. */
export async function drafted(shop: Pick<Shop, 'draft'>, count: number): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  const worker = async (): Promise<void> => {
    for (let left = count / CONNECTIONS; left > 0; left--) drafts.push(await shop.draft());
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return drafts;
}

/**
 * Places the orders at a constant rate, whether or not those before are answered. If one is refused, no more are placed
 * and the function throws `NotMeasurable` once all answers are there.
 */
export async function placed(shop: Pick<Shop, 'place'>, drafts: readonly Draft[], perSecond: number): Promise<void> {
  const started = performance.now();
  const answers: Promise<void>[] = [];
  const refusals: unknown[] = [];
  for (const [n, draft] of drafts.entries()) {
    const wait = started + (n * 1_000) / perSecond - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    if (refusals.length > 0) break;
    answers.push(shop.place(draft).catch((error: unknown) => void refusals.push(error)));
  }
  await Promise.all(answers);
  if (refusals.length === 0) return;
  const [first] = refusals;
  const reason = first instanceof Error ? first.message : String(first);
  throw new NotMeasurable(`${refusals.length} of ${answers.length} orders at ${perSecond}/s were refused: ${reason}`);
}
