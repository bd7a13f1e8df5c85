/** The thing to approve: one version of something that another service owns. */
export interface Subject {
  readonly type: 'ORDER' | 'REFUND' | 'ADJUSTMENT' | 'JOURNAL';
  readonly id: string;
  readonly version: bigint;
  /** The digest of that version, as its owner computed it. */
  readonly digest: string;
  /** The person who wants it, and so may not decide. */
  readonly requesterId: string;
  /** Money in the minor unit of the currency, or a quantity. Never below zero. */
  readonly amount: bigint;
  /** An ISO 4217 code; undefined for a quantity. */
  readonly currency: string | undefined;
  /** More facts from its owner, for the people who decide. */
  readonly details: Details;
}

/** A decision does not use these, because the digest covers them. Quantities are in base units. */
export interface Details {
  readonly adjustment?: {
    readonly sku: string;
    readonly warehouseId: string;
    readonly expectedOnHand: number;
    /** Below zero to take away. */
    readonly delta: number;
    readonly reason: string;
  };
  readonly refund?: {
    readonly paymentId: string;
    /** Absent if no order is known. */
    readonly orderId?: string;
  };
  readonly order?: { readonly lines: readonly OrderedLine[] };
  readonly journal?: {
    readonly description: string;
    /** YYYY-MM-DD. Absent if its owner did not send it. */
    readonly effectiveDate?: string;
    /** The journal that it reverses. */
    readonly reverses?: string;
    readonly lines: readonly { readonly account: string; readonly side: 'DEBIT' | 'CREDIT'; readonly amount: Money }[];
  };
}

/** In the currency's minor unit, at most 2^53 - 1. */
interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

interface OrderedLine {
  readonly lineId: string;
  readonly sku: string;
  readonly qty: number;
  /** The price of one base unit: preciseAmount / 10^fractionDigits of the currency's major unit. */
  readonly unitPrice: { readonly preciseAmount: number; readonly fractionDigits: number };
  readonly net: Money;
  readonly tax: Money;
}

/** The roles that may decide. An admin may never decide. */
export type DeciderRole = 'approver' | 'finance';

export function isDeciderRole(role: string): role is DeciderRole {
  return role === 'approver' || role === 'finance';
}

export interface StepRule {
  /** How many people have to approve. */
  readonly quorum: number;
  readonly role: DeciderRole;
  /** Counted from when the step becomes active. */
  readonly deadlineSeconds: number;
  /** The role that may decide too, if the step waits for that long. */
  readonly escalation: { readonly afterSeconds: number; readonly role: DeciderRole } | undefined;
}

export interface Rule {
  /** Undefined means any currency and quantities. */
  readonly currencies: readonly string[] | undefined;
  /** In the minor unit, or a quantity; inclusive. Undefined means any amount. */
  readonly upTo: bigint | undefined;
  /** Empty if no approval is needed. */
  readonly steps: readonly StepRule[];
}

export interface PolicyInForce {
  readonly policyId: string;
  readonly version: bigint;
  readonly rules: readonly Rule[];
}

/** The first rule that matches by currency and amount. */
export function ruleFor({ policyId, version, rules }: PolicyInForce, subject: Subject): Rule {
  const rule = rules.find((candidate) => matches(candidate, subject));
  if (!rule) throw new Error(`version ${version} of policy ${policyId} has no last rule that matches everything`);
  return rule;
}

function matches({ currencies, upTo }: Rule, { amount, currency }: Subject): boolean {
  if (currencies && (currency === undefined || !currencies.includes(currency))) return false;
  return upTo === undefined || amount <= upTo;
}
