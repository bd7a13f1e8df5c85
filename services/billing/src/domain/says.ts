/** What the provider says, in our words; adapters translate. Amounts count the minor unit of the currency. */

interface Amount {
  readonly amountMinor: bigint;
  readonly currency: string;
}

export interface IntentSays {
  /** The intent's id; empty if the provider refused to make one. */
  readonly providerRef: string;
  readonly status: 'UNSPECIFIED' | 'AWAITING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'UNANSWERED';
  readonly amount: Amount;
  /** The id of the payment as we sent it. Others may have made intents with other references. */
  readonly reference: string;
  /** Why the last try failed; null if none has. */
  readonly failure: string | null;
  /** Microseconds since 1970. */
  readonly saidAt: bigint;
}

export interface RefundSays {
  /** The refund's id at the provider; empty if it made none. */
  readonly providerRef: string;
  readonly status: 'UNSPECIFIED' | 'PENDING' | 'SUCCEEDED' | 'FAILED' | 'UNANSWERED';
  /** The id of the refund as we sent it. */
  readonly reference: string;
  readonly failure: string | null;
  readonly saidAt: bigint;
}

export interface PayoutSays {
  readonly providerRef: string;
  /** The amount that the bank got. */
  readonly amount: Amount;
  /** The amount that the provider kept. */
  readonly fees: Amount;
  readonly saidAt: bigint;
}
