import { describe, expect, it } from 'vitest';
import { identifier, literal, namesOf } from './names.ts';

describe('names in Postgres', () => {
  it('are the name of the service in snake case, and two roles', () => {
    expect(namesOf('box-office')).toEqual({ database: 'box_office', owner: 'box_office_owner', app: 'box_office_app' });
  });

  it('are quoted', () => {
    expect(identifier('a"b')).toBe('"a""b"');
    expect(literal("a'b")).toBe("'a''b'");
  });
});
