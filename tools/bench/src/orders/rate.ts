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

/** Places the orders at a constant rate, whether or not earlier ones are answered. */
export async function placed(shop: Pick<Shop, 'place'>, drafts: readonly Draft[], perSecond: number): Promise<void> {
  const started = performance.now();
  const answers: Promise<void>[] = [];
  for (const [n, draft] of drafts.entries()) {
    const wait = started + (n * 1_000) / perSecond - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    answers.push(shop.place(draft));
  }
  await Promise.all(answers);
}
