import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rulesIn, usedIn } from './alertRules.ts';

const DOCS = join(import.meta.dirname, '../../../../docs/reference');
const read = (name: string): string => readFileSync(join(DOCS, name), 'utf8');

const RULES = rulesIn(read('alerts.yaml'));
const METRICS = metricsIn(read('metrics.md'));
const FAILURES = read('failure-modes.md');

/** The labels of each metric of the reference, and `service`, which each one has. Histograms have three more names. */
function metricsIn(page: string): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = [...page.matchAll(/^\| `(atlas_\w+)` \| ([^|]*)\|/gm)];
  return new Map(
    rows.flatMap(([, name = '', cell = '']) => {
      const labels = new Set(['service', ...[...cell.matchAll(/`(\w+)`/g)].map(([, label]) => label ?? '')]);
      return ['', '_count', '_sum', '_bucket'].map((end) => [name + end, labels] as const);
    }),
  );
}

/** The parts of a page by the anchors of their headings, as GitHub makes them. */
function sectionsOf(page: string): ReadonlyMap<string, string> {
  const [, ...parts] = page.split(/^## /m);
  return new Map(
    parts.map((part) => [
      (part.split('\n')[0] ?? '')
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
      part,
    ]),
  );
}

const alertsOf = (page: string): ReadonlySet<string> =>
  new Set([...page.matchAll(/`(Atlas[A-Z]\w+)`/g)].map(([, name]) => name ?? ''));

const NAMES = new Set(RULES.map(({ alert }) => alert));

describe('the alert rules', () => {
  it('exist, and each has a name of its own', () => {
    expect(RULES.length).toBeGreaterThan(20);
    expect(NAMES.size).toBe(RULES.length);
  });

  it.each(RULES)('$alert is a rule as Prometheus reads it', ({ alert, labels, annotations, ...rule }) => {
    expect(alert).toMatch(/^Atlas([A-Z][a-z]+)+$/);
    expect(rule).toEqual({ expr: expect.any(String), for: expect.stringMatching(/^\d+[mh]$/) });
    expect(labels).toEqual({ severity: expect.stringMatching(/^(critical|warning)$/) });
    expect(Object.keys(annotations).toSorted()).toEqual(['runbook', 'summary']);
    expect(annotations['summary']).toMatch(/^[A-Z{].*\.$/);
  });

  it.each(RULES)('$alert uses metrics with the labels that they have', ({ expr, annotations }) => {
    const used = usedIn(expr);
    expect(used).not.toEqual([]);
    for (const { metric, labels } of used) {
      expect([...METRICS.keys()]).toContain(metric);
      expect([...(METRICS.get(metric) ?? [])]).toEqual(expect.arrayContaining([...labels]));
    }
    // a result that is grouped by labels has only these labels
    const said = [...(annotations['summary'] ?? '').matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    expect(used[0]?.labels).toEqual(expect.arrayContaining(said));
  });

  it.each(RULES)('$alert uses the increase of counters and the difference of gauges', ({ expr }) => {
    for (const { metric, over } of usedIn(expr))
      expect(['increase', 'rate'].includes(over ?? '')).toBe(/_(total|count|sum|bucket)$/.test(metric));
  });

  it.each(RULES)('$alert has a section that names it among the failure modes', ({ alert, annotations }) => {
    const [page, anchor = ''] = (annotations['runbook'] ?? '').split('#');
    expect(page).toBe('docs/reference/failure-modes.md');
    expect([...alertsOf(sectionsOf(FAILURES).get(anchor) ?? '')]).toContain(alert);
  });

  it('are those that the pages of failure modes and of metrics name', () => {
    expect([...alertsOf(FAILURES)].filter((name) => !NAMES.has(name))).toEqual([]);
    expect(alertsOf(read('metrics.md'))).toEqual(NAMES);
  });
});

describe('an expression', () => {
  it('is read with its metrics, their labels, and the functions over time', () => {
    expect(usedIn('sum by (a, b) (increase(m_total{c!="1"}[5m])) > 0 and deriv(n[1h]) > max by (d) (o)')).toEqual([
      { metric: 'm_total', labels: ['a', 'b', 'c'], over: 'increase' },
      { metric: 'n', labels: [], over: 'deriv' },
      { metric: 'o', labels: ['d'], over: undefined },
    ]);
  });

  it.each(['sum by (a) (m', 'm{a=1}', 'm > > 1', 'increase(m[5 m])', ''])('%s is refused', (expr) => {
    expect(() => usedIn(expr)).toThrow(SyntaxError);
  });
});
