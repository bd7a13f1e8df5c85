import { describe, expect, it } from 'vitest';
import { NOW, aStep } from '../../test/samples.ts';
import type { Rule, Subject } from './policy.ts';
import { confirm, propose, type PolicyVersion } from './policyVersion.ts';

const aRule = (some: Partial<Rule> = {}): Rule => ({
  currencies: undefined,
  upTo: undefined,
  steps: [aStep()],
  ...some,
});

const newest = (subjectType: Subject['type'] = 'ORDER'): PolicyVersion => ({
  policyId: 'order',
  subjectType,
  version: 4n,
  rules: [aRule()],
  proposedBy: 'admin-1',
  proposedAt: NOW,
  confirmation: undefined,
});

const pointers = (rules: readonly Rule[], subjectType?: Subject['type']) => {
  const proposing = propose(rules, newest(subjectType), 'admin-1', NOW);
  return proposing.ok ? [] : proposing.problem.errors?.map(({ pointer }) => pointer);
};

describe('a proposal', () => {
  it('is the next version, and waits for its confirmation', () => {
    expect(propose([aRule()], newest(), 'admin-2', NOW)).toMatchObject({
      proposal: { version: 5n, proposedBy: 'admin-2', confirmation: undefined },
    });
  });

  it('may grade by currency and amount', () => {
    const graded = [aRule({ currencies: ['EUR'], upTo: 100n, steps: [] }), aRule({ currencies: ['EUR'] }), aRule()];
    expect(pointers(graded)).toEqual([]);
    expect(pointers([aRule({ upTo: 5n, steps: [] }), aRule()], 'ADJUSTMENT')).toEqual([]);
  });

  it.each<[string, readonly Rule[], Subject['type'], string]>([
    ['whose last rule does not match everything', [aRule({ currencies: ['EUR'] })], 'ORDER', '/rules/0'],
    ['with a rule that hides those after it', [aRule(), aRule()], 'ORDER', '/rules/0'],
    ['with an amount of any currency', [aRule({ upTo: 5n }), aRule()], 'REFUND', '/rules/0/upTo'],
    [
      'with a currency that is not in use',
      [aRule({ currencies: ['EUR', 'ZZZ'] }), aRule()],
      'ORDER',
      '/rules/0/currencies/1',
    ],
    ['of quantities with a currency', [aRule({ currencies: ['EUR'] }), aRule()], 'ADJUSTMENT', '/rules/0/currencies'],
    [
      'that takes longer than the stock of an order is held',
      [aRule({ steps: [aStep({ deadlineSeconds: 400_000 }), aStep({ deadlineSeconds: 32_001 })] })],
      'ORDER',
      '/rules/0/steps',
    ],
    [
      'that escalates at the deadline',
      [aRule({ steps: [aStep({ deadlineSeconds: 60, escalation: { afterSeconds: 60, role: 'finance' } })] })],
      'ORDER',
      '/rules/0/steps/0/escalation/afterSeconds',
    ],
    [
      'that escalates to the same role',
      [aRule({ steps: [aStep({ escalation: { afterSeconds: 60, role: 'approver' } })] })],
      'ORDER',
      '/rules/0/steps/0/escalation/role',
    ],
  ])('%s is refused, with the place', (_what, rules, subjectType, pointer) => {
    expect(pointers(rules, subjectType)).toEqual([pointer]);
  });
});

describe('confirming a proposal', () => {
  const proposal = newest();
  const codeOf = (result: ReturnType<typeof confirm>) => (result.ok ? 'ok' : result.problem.code);

  it('puts it into force, and says who did', () => {
    expect(confirm(proposal, 3n, 'admin-2', NOW)).toEqual({
      ok: true,
      confirmed: { ...proposal, confirmation: { by: 'admin-2', at: NOW } },
    });
  });

  it('is refused for the admin who proposed it', () => {
    expect(codeOf(confirm(proposal, 3n, 'admin-1', NOW))).toBe('proposer-may-not-confirm');
  });

  it('is refused a second time', () => {
    const confirmed = { ...proposal, confirmation: { by: 'admin-2', at: NOW } };
    expect(codeOf(confirm(confirmed, 4n, 'admin-3', NOW))).toBe('policy-version-confirmed');
  });

  it('is refused if a newer version is in force', () => {
    expect(codeOf(confirm(proposal, 5n, 'admin-2', NOW))).toBe('policy-version-outdated');
  });
});
