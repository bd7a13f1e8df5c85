import type { Handler, Input, Result } from '../generated/x/http/salesReport.ts';
import type { XClient } from '../generated/x/client/index.ts';

async function* lines(): AsyncGenerator<string> {
  yield 'day,cents\r\n';
  yield '2026-11-26,5\r\n';
}

/** One answer for each media type. The compiler tells them apart by `accept`. */
export const salesReport: Handler = async ({ accept }) => {
  const head = { status: 200, version: 7n, headers: { 'X-Days': 1 } } as const;
  switch (accept) {
    case 'text/csv':
      return { ...head, mediaType: accept, body: lines() };
    case 'text/html':
      return { ...head, mediaType: accept, body: '<!doctype html>' };
    case 'application/vnd.sales+json':
      return { ...head, body: { cents: 5 } };
  }
};

// @ts-expect-error the JSON body is not a text
export const textAsJson: Result = { status: 200, version: 7n, headers: { 'X-Days': 1 }, body: 'day,cents' };

// @ts-expect-error a media type that the spec does not have
export const asked: Input['accept'] = 'text/plain';

export async function read(client: XClient): Promise<string | number> {
  const json = await client.salesReport();
  if (json.status === 200) return json.body.cents;
  const csv = await client.salesReport({ accept: 'text/csv' });
  if (csv.status === 200) return csv.body.toUpperCase() + csv.etag;
  // @ts-expect-error the operation has only one media type
  await client.plainReport({ accept: 'text/csv' });
  return csv.problem.code;
}
