import ts from 'typescript';
import type { Loc } from '@atlas/ir';

/** A statement of the code of a release, with `$1` and so on where the code puts values. */
export interface CodeStatement {
  readonly sql: string;
  readonly loc: Loc;
}

const BEGINS = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH)\s/i;
/** How deep fragments may be nested. */
const MOST_FRAGMENTS = 20;

/**
 * The SQL in a TypeScript file: every string and template that begins like a statement. Fragments that the file defines
 * are inserted, `sql.unnest` and `sql.array` become arrays of their types, and any other expression is a parameter. A
 * constant string is a parameter in a template with a tag, and text in one without. Text that is composed in another
 * way may not be SQL; the database decides.
 */
export function codeStatements(file: string, text: string): readonly CodeStatement[] {
  // A quick search first, because most files have no SQL, and parsing costs more than searching.
  if (!/\b(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH)\s/i.test(text)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const found: CodeStatement[] = [];
  const note = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      constants.set(node.name.text, node.initializer);
    ts.forEachChild(node, note);
  };
  /** The place of the first letter, after the quote. */
  const placeOf = (node: ts.Node, text: string): Loc => {
    const start = node.getStart(source) + 1 + (text.length - text.trimStart().length);
    const { line, character } = source.getLineAndCharacterOfPosition(start);
    return { file, line: line + 1, column: character + 1, pointer: '' };
  };
  const visit = (node: ts.Node): void => {
    const template = ts.isTaggedTemplateExpression(node) ? node.template : node;
    if (ts.isTemplateLiteral(template)) {
      const sql = new Writer(constants).write(template);
      if (BEGINS.test(sql)) {
        found.push({ sql: sql.trim(), loc: placeOf(template, headOf(template)) });
        return;
      }
    } else if (ts.isStringLiteral(node) && BEGINS.test(node.text)) {
      found.push({ sql: node.text.trim(), loc: placeOf(node, node.text) });
    }
    ts.forEachChild(node, visit);
  };
  note(source);
  visit(source);
  return found;
}

function headOf(template: ts.TemplateLiteral): string {
  return ts.isNoSubstitutionTemplateLiteral(template) ? template.text : template.head.text;
}

/** Writes one statement, and numbers its parameters. */
class Writer {
  readonly #constants: ReadonlyMap<string, ts.Expression>;
  #parameters = 0;

  constructor(constants: ReadonlyMap<string, ts.Expression>) {
    this.#constants = constants;
  }

  write(template: ts.TemplateLiteral, depth = 0): string {
    if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
    const isTagged = ts.isTaggedTemplateExpression(template.parent);
    const spans = template.templateSpans.map(({ expression, literal }) => {
      const text = isTagged ? undefined : this.#text(expression);
      return (text ?? this.#value(expression, depth)) + literal.text;
    });
    return template.head.text + spans.join('');
  }

  #value(expression: ts.Expression, depth: number): string {
    const fragment = depth < MOST_FRAGMENTS ? this.#fragment(expression) : undefined;
    if (fragment) return this.write(fragment, depth + 1);
    if (ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression)) {
      const [first, second] = expression.arguments;
      switch (expression.expression.name.text) {
        case 'unnest':
          if (second && ts.isArrayLiteralExpression(second))
            return `unnest(${second.elements.map((type) => this.#array(type)).join(', ')})`;
          break;
        case 'array':
          return this.#array(second);
        case 'identifier':
          if (first && ts.isArrayLiteralExpression(first))
            return first.elements.map((name) => (ts.isStringLiteral(name) ? `"${name.text}"` : '""')).join('.');
          break;
        default:
      }
    }
    return this.#parameter();
  }

  /** A string: written here, or the value of a constant. */
  #text(expression: ts.Expression): string | undefined {
    const value = this.#valueOf(expression);
    return value && ts.isStringLiteral(value) ? value.text : undefined;
  }

  /** The template of a fragment: written here, or the value of a constant. */
  #fragment(expression: ts.Expression): ts.TemplateLiteral | undefined {
    const value = this.#valueOf(expression);
    if (!value) return undefined;
    if (ts.isTaggedTemplateExpression(value)) return value.template;
    return ts.isTemplateLiteral(value) ? value : undefined;
  }

  #valueOf(expression: ts.Expression): ts.Expression | undefined {
    return ts.isIdentifier(expression) ? this.#constants.get(expression.text) : expression;
  }

  #array(type: ts.Expression | undefined): string {
    const parameter = this.#parameter();
    return type && ts.isStringLiteral(type) ? `${parameter}::${type.text}[]` : parameter;
  }

  #parameter(): string {
    this.#parameters += 1;
    return `$${this.#parameters}`;
  }
}
