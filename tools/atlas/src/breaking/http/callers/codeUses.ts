import ts from 'typescript';

/** What a TypeScript file uses by name. */
export interface CodeUses {
  /** Modules that it imports or exports from. */
  readonly modules: ReadonlySet<string>;
  /** Members that it reads: `bookings.readBooking`, `{ readBooking } = bookings`, `BookingsClient['readBooking']`. */
  readonly members: ReadonlySet<string>;
  /** Calls with a path, as a generated path client has them: `GET /bookings/{id}`. */
  readonly calls: ReadonlySet<string>;
}

/** What a file uses. Types are ignored, so a member may belong to another object that has a member of this name. */
export function codeUses(file: string, text: string): CodeUses {
  const modules = new Set<string>();
  const members = new Set<string>();
  const calls = new Set<string>();
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
      addText(modules, node.moduleSpecifier);
    else if (ts.isPropertyAccessExpression(node)) members.add(node.name.text);
    else if (ts.isElementAccessExpression(node)) addText(members, node.argumentExpression);
    else if (ts.isIndexedAccessTypeNode(node) && ts.isLiteralTypeNode(node.indexType))
      addText(members, node.indexType.literal);
    else if (ts.isBindingElement(node)) {
      const name = node.propertyName ?? node.name;
      if (ts.isIdentifier(name)) members.add(name.text);
    } else if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      // `import('…')` is a call, too.
      if (first && node.expression.kind === ts.SyntaxKind.ImportKeyword) addText(modules, first);
      else if (first && ts.isStringLiteralLike(first) && ts.isPropertyAccessExpression(node.expression))
        calls.add(`${node.expression.name.text.toUpperCase()} ${first.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return { modules, members, calls };
}

function addText(texts: Set<string>, node: ts.Node): void {
  if (ts.isStringLiteralLike(node)) texts.add(node.text);
}
