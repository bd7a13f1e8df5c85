import type { Param } from '@atlas/ir';
import { isHandlersParam } from '../../read/openapi/headers.ts';
import type { OperationView } from '../../read/openapi/http.ts';
import { shapeOf } from '../../read/openapi/shape.ts';
import type { Bundle } from './bundle.ts';

const STYLES: readonly Param['style'][] = [
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
];

/** The parameters that a handler sees, in the order of the document. */
export function paramsOf(operation: OperationView, bundle: Bundle): readonly Param[] {
  return operation.params.flatMap((view): Param[] => {
    const where = view.in;
    if (where !== 'path' && where !== 'query' && where !== 'header') return [];
    if (where === 'header' && !isHandlersParam(view.name)) return [];
    const schema = view.cursor.get('schema');
    const shape = schema && shapeOf(schema);
    if (!shape) return [];
    const style =
      STYLES.find((name) => name === view.cursor.get('style')?.string()) ?? (where === 'query' ? 'form' : 'simple');
    return [
      {
        loc: view.cursor.loc,
        name: view.name,
        in: where,
        required: where === 'path' || view.cursor.get('required')?.boolean() === true,
        style,
        explode: view.cursor.get('explode')?.boolean() ?? style === 'form',
        schema: bundle.part(view.cursor, 'schema', 'schema') ?? true,
        shape,
      },
    ];
  });
}
