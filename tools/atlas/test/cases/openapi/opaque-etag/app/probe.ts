import { matchesTag, type EntityTag, type IfMatch } from '@atlas/runtime';
import type { GetFile, PutFile } from '../generated/x/index.ts';

declare function tagOf(id: string): EntityTag | undefined;

export const putFile: PutFile.Handler = async ({ params, ifMatch }) => {
  const condition: IfMatch | undefined = ifMatch;
  return matchesTag(condition, tagOf(params.id)) ? { status: 204 } : { status: 412 };
};

export const getFile: GetFile.Handler = async ({ params }) => ({
  status: 200,
  body: params.id,
  headers: { ETag: `"${params.id.length}"` },
});

// @ts-expect-error -- an entity tag has quotes
export const withoutQuotes: GetFile.Result = { status: 200, body: 1, headers: { ETag: '9f86d081' } };
// @ts-expect-error -- the tag is not a version
export const version: GetFile.Result = { status: 200, body: 1, version: 7n };
