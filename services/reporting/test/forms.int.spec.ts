import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hrefOf, isWhole, REPORTS } from '../src/pages/report.ts';
import { reportsApp, type ReportsApp } from './reportsApp.ts';

let app: ReportsApp;
beforeAll(async () => {
  app = await reportsApp(`reporting_forms_${process.pid}`, async () => []);
});
afterAll(() => app.stop());

describe('the form of a page', () => {
  it.each(REPORTS.filter(isWhole))('of %s is answered with a page although its fields are empty', async (id) => {
    const { text } = await app.get(hrefOf(id), undefined, { accept: 'text/html' });
    const query = new URLSearchParams();
    for (const [, name = ''] of text.matchAll(/<(?:input type="(?:text|date|number)"|select)[^>]*name="([^"]*)"/g))
      query.append(name, '');
    const answer = await app.get(`${hrefOf(id)}?${query.toString()}`, undefined, { accept: 'text/html' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });
});
