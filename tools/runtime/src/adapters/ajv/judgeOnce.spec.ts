import { expect, it } from 'vitest';
import { judgeOnce } from './judgeOnce.ts';
import { problems } from './problems.ts';

/** A compiled schema as ajv writes it: it refuses lists, one error per item, and looks at members of objects. */
function judged() {
  const values: unknown[] = [];
  const check = judgeOnce((value, { instancePath, room } = { instancePath: '', room: 50 }) => {
    values.push(value);
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    const errors = items.map((_, index) => ({ pointer: `${instancePath}/${index}`, detail: 'is wrong' }));
    check.errors = errors.length > 0 && room > 0 ? errors.slice(0, room) : null;
    if (check.evaluated)
      check.evaluated.props = Object.fromEntries(Object.keys(Object(value)).map((key) => [key, true]));
    return errors.length === 0;
  });
  check.evaluated = { dynamicProps: true, dynamicItems: false };
  return { check, values };
}

const at = (instancePath: string, room = 50) => ({ instancePath, room });

it('a value is judged once, until the validator has answered', () => {
  const { check, values } = judged();
  const twice = (value: unknown) => check(value, at('/a')) && check(value, at('/a'));
  const validate = problems(twice);
  expect(validate('x')).toBeUndefined();
  expect(values).toEqual(['x']);
  expect(validate('x')).toBeUndefined();
  expect(values).toEqual(['x', 'x']);
});

it('the errors of an equal value elsewhere are reported there', () => {
  const { check, values } = judged();
  const value = [1];
  expect(check(value, at('/a'))).toBe(false);
  expect(check(value, at('/b/c'))).toBe(false);
  expect(check.errors).toEqual([{ pointer: '/b/c/0', detail: 'is wrong' }]);
  expect(values).toHaveLength(1);
});

it('a caller gets as many errors as it takes, in a list of its own', () => {
  const { check, values } = judged();
  const value = [1, 2, 3];
  check(value, at('', 0));
  expect(check.errors).toBe(null);
  check(value, at('', 2));
  expect(check.errors).toHaveLength(2);
  check(value, at('', 50));
  expect(check.errors).toHaveLength(3);
  expect(values).toHaveLength(3);
  check.errors?.push({ pointer: '', detail: 'of the caller' });
  check(value, at('', 50));
  expect(check.errors).toHaveLength(3);
  check(value, at('', 1));
  expect(check.errors).toHaveLength(1);
  expect(values).toHaveLength(3);
});

it('what was looked at in a value is known again, in an object of its own', () => {
  const { check } = judged();
  const value = { a: 1 };
  check(value, at(''));
  Object.assign(check.evaluated?.props ?? {}, { ofCaller: true });
  check({ b: 1 }, at(''));
  check(value, at(''));
  expect(check.evaluated?.props).toEqual({ a: true });
  Object.assign(check.evaluated?.props ?? {}, { ofCaller: true });
  check(value, at(''));
  expect(check.evaluated?.props).toEqual({ a: true });
});
