import { code, type Code } from '@atlas/ir';

/** client/index.ts: a typed client of the service's REST contract, over openapi-fetch. */
export function clientFile(): Code {
  return code`
    import { createClient, type Client, type ClientOptions } from '@atlas/runtime/client';
    import type { paths } from '../http/types.ts';

    export type { paths };

    /** A client whose paths, parameters, bodies and answers are those of the spec. */
    export const client = (options: ClientOptions): Client<paths> => createClient<paths>(options);
  `;
}
