/** One statement of a text, without the white space and comments around it. */
export interface SqlStatement {
  readonly text: string;
  /** Where it begins in the whole text. */
  readonly offset: number;
}

/** What hides a semicolon: comments, quotes of all kinds, and bodies between dollars. `E'…'` has backslashes. */
const TOKEN =
  /--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|;|\b(?:begin\s+atomic|end)\b/gi;

/**
 * The statements of a migration (PostgreSQL, section 4.1 of its manual). The body of a function in `BEGIN ATOMIC … END`
 * is one statement.
 */
export function splitSql(sql: string): readonly SqlStatement[] {
  const found: SqlStatement[] = [];
  let start = 0;
  let atomic = false;
  const end = (at: number): void => {
    const text = sql.slice(start, at);
    const lead = leading(text);
    const rest = text.slice(lead).trimEnd();
    if (rest !== '') found.push({ text: rest, offset: start + lead });
  };
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(sql); match; match = TOKEN.exec(sql)) {
    const [token] = match;
    if (token === '/*') TOKEN.lastIndex = endOfComment(sql, match.index);
    else if (token.startsWith('$')) {
      const close = sql.indexOf(token, match.index + token.length);
      TOKEN.lastIndex = close === -1 ? sql.length : close + token.length;
    } else if (/^begin/i.test(token)) atomic = true;
    else if (/^end$/i.test(token)) atomic = false;
    else if (token === ';' && !atomic) {
      end(match.index);
      start = match.index + 1;
    }
  }
  end(sql.length);
  return found;
}

/** Comments may contain comments. */
function endOfComment(sql: string, from: number): number {
  let depth = 0;
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  for (let match = marks.exec(sql); match; match = marks.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

/** How many characters of white space and comments a text begins with. */
function leading(text: string): number {
  let at = 0;
  for (;;) {
    const rest = text.slice(at);
    const space = /^(?:\s+|--[^\n]*(?:\n|$))/.exec(rest);
    if (space) at += space[0].length;
    else if (rest.startsWith('/*')) at = endOfComment(text, at);
    else return at;
  }
}
