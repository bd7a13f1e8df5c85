import type { EmitItem, EmitTuple, KeyExpression, KeyPart, RetryPolicy } from '../events.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/** `x-atlas-emits`, checked before: one list, or a list of alternatives. */
export function emitTuples(value: JsonValue | undefined): readonly EmitTuple[] {
  if (!isList(value)) return [[]];
  const tuple = (list: readonly JsonValue[]): EmitTuple =>
    list.map((item): EmitItem => {
      const text = String(item);
      return text.endsWith('*') ? { message: text.slice(0, -1), many: true } : { message: text, many: false };
    });
  return value.length > 0 && value.every(isList) ? value.map(tuple) : [tuple(value)];
}

/** `x-atlas-key`, checked before: one expression, or a template with expressions in braces. */
export function keyExpression(text: string): KeyExpression {
  if (text.startsWith('$')) return { parts: [field(text)] };
  const parts = text
    .split(/\{([^}]*)\}/)
    .map((part, index): KeyPart => (index % 2 === 1 ? field(part) : { kind: 'text', text: part }));
  return { parts: parts.filter((part) => part.kind === 'field' || part.text !== '') };
}

function field(expression: string): KeyPart {
  const [, pointer = ''] = expression.split('#/');
  return { kind: 'field', path: pointer.split('/').map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~')) };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `x-atlas-retry`, checked before, over the default. */
export function retryPolicy(value: JsonValue | undefined): RetryPolicy {
  const { retries, base, cap, onDead }: JsonObject = isObject(value) ? value : {};
  return {
    retries: typeof retries === 'number' ? retries : 5,
    baseMs: milliseconds(base) ?? 200,
    capMs: milliseconds(cap) ?? 30_000,
    onDead: onDead === 'continue' ? 'continue' : 'hold',
  };
}

function milliseconds(value: JsonValue | undefined): number | undefined {
  const [, amount, unit = ''] = typeof value === 'string' ? (/^(\d+)(ms|s|m|h)$/.exec(value) ?? []) : [];
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit] ?? 1);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
