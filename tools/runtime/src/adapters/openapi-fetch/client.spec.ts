import { expect, it } from 'vitest';
import { clientOf } from './index.ts';

interface Shelf {
  readonly seats: readonly { readonly row: string }[];
}

interface paths {
  readonly '/shelf': {
    readonly put: {
      readonly requestBody: { readonly content: { readonly 'application/json': Shelf } };
      readonly responses: { readonly 200: { readonly content: { readonly 'application/json': Shelf } } };
    };
  };
}

it('takes and returns real lists, although the generated types are readonly', async () => {
  const echo = async (request: Request): Promise<Response> =>
    new Response(await request.text(), { headers: { 'content-type': 'application/json' } });
  const client = clientOf<paths>({ baseUrl: 'http://127.0.0.1', fetch: echo });
  const body: Shelf = { seats: [{ row: 'A' }, { row: 'B' }] };
  const { data } = await client.PUT('/shelf', { body });
  // if the type were a mapped object and not a list, this would not compile
  expect(data?.seats.map(({ row }) => row)).toEqual(['A', 'B']);
});
