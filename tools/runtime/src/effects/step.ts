import { triedStep, type DueHead, type TriedEffect, type TriedInput } from '../timers/step.ts';

/** How many effects may be under way at the same time, per instance. */
export const SIDE_BY_SIDE = 10;

export type EffectInput<Performed> =
  | { readonly kind: 'claimed' }
  /** The outside has answered with an outcome. Nothing of it is stored yet. */
  | { readonly kind: 'performed'; readonly performed: Performed }
  | TriedInput;

export type EffectEffect<Performed> =
  /** Call the outside, without a transaction. */
  | { readonly kind: 'perform' }
  /** Run one transaction, which settles the outcome and deletes the row. */
  | { readonly kind: 'settle'; readonly performed: Performed }
  | TriedEffect;

/**
 * Decides what happens next to an effect that is claimed. An outcome that could not be settled is forgotten: the next
 * try calls the outside again with the same idempotency key, which gives the same outcome again.
 */
export function effectStep<Performed>(
  head: DueHead,
  input: EffectInput<Performed>,
  random?: () => number,
): EffectEffect<Performed> {
  switch (input.kind) {
    case 'claimed':
      return { kind: 'perform' };
    case 'performed':
      return { kind: 'settle', performed: input.performed };
    default:
      return triedStep(head, input, random);
  }
}
