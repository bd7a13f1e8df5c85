import type { OperationContract } from '../contract/operation.ts';
import { plumbingReply } from './problem.ts';
import type { Reply } from './reply.ts';

/** Answers a request without a route: 405 with `Allow` if its path is known, else 404 (RFC 9110, section 15.5.6). */
export function allowedMethods(
  operations: readonly Pick<OperationContract, 'path' | 'method'>[],
): (method: string, url: string, correlationId: string) => Reply {
  const paths = new Map<string, { readonly form: RegExp; readonly methods: Set<string> }>();
  for (const { path, method } of operations) {
    const known = paths.get(path) ?? { form: formOf(path), methods: new Set<string>() };
    known.methods.add(method);
    if (method === 'GET') known.methods.add('HEAD');
    paths.set(path, known);
  }
  return (method, url, correlationId) => {
    const [path = ''] = url.split('?');
    const methods = [...paths.values()].filter(({ form }) => form.test(path)).flatMap((known) => [...known.methods]);
    if (methods.length === 0)
      return plumbingReply({ code: 'not-found-route', detail: `there is no path ${path}` }, correlationId);
    const allow = [...new Set(methods)].toSorted().join(', ');
    return plumbingReply(
      { code: 'method-not-allowed', detail: `${path} has no ${method}; it has ${allow}` },
      correlationId,
      { allow },
    );
  };
}

function formOf(path: string): RegExp {
  const parts = path.split(/\{[^{}]*\}/).map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}
