import { CleanRefs } from '../hashcons/clean.ts';
import type { Store } from '../hashcons/store.ts';
import type { SchemaDocument } from '../schemas.ts';
import { Projection } from './project.ts';

const NO_DOCUMENT: SchemaDocument = { document: {}, dialect: '2020-12' };

/** Reads schemas that no document has, such as those of what can be sent. */
export function limitsProjection(store: Store): Projection {
  return new Projection(store, NO_DOCUMENT, NO_DOCUMENT, new CleanRefs(NO_DOCUMENT, NO_DOCUMENT));
}
