import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';

/** A whole request of a witness. Values are not encoded yet, except in `target`. */
export type RequestValue = JsonObject & {
  readonly method: string;
  /** URL with path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
};

export type ResponseValue = JsonObject & {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
};

/** A variable of the shell in place of a secret that only the caller has. */
const SECRET = /\$(?:TOKEN|CREDENTIALS|API_KEY)$/;

/** A command line that sends the request. */
export function curl({ method, url, headers, body }: RequestValue): string {
  const lines = [
    `curl -X ${quoted(method)} ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${header(name, value)}`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(textOf(body, headers['content-type']))}`]),
  ];
  return lines.join(' \\\n  ');
}

/** The message as HTTP/1.1 has it. */
export function message({ status, headers, body }: ResponseValue): string {
  const lines = [`HTTP/1.1 ${status}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return [...lines, ...(body === undefined ? [] : ['', textOf(body, headers['content-type'])])].join('\n');
}

/** Only text of this file may contain variables of the shell. Names come from specs, which may be hostile. */
function header(name: string, value: string): string {
  // curl sends no header at all for a name with a colon and nothing behind it
  if (value === '') return quoted(`${name};`);
  const secret = SECRET.exec(value)?.[0];
  if (secret === undefined) return inBytes(`${name}: ${value}`);
  return `${quoted(`${name}: ${value.slice(0, -secret.length)}`)}"${secret}"`;
}

/** A header has bytes and not UTF-8, so bytes that are not ASCII are written as the shell escapes them. */
function inBytes(text: string): string {
  if (/^[ -~]*$/.test(text)) return quoted(text);
  const escaped = text.replaceAll(
    /[^ -~]|['\\]/g,
    (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `$'${escaped}'`;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function textOf(body: JsonValue, type = 'application/json'): string {
  if (type === 'application/x-www-form-urlencoded' && isObject(body)) return form(body);
  if (typeof body === 'string' && !/[/+]json$/.test(type)) return body;
  return JSON.stringify(body);
}

function form(body: JsonObject): string {
  const parts: string[] = [];
  const add = (name: string, value: JsonValue | undefined): void => {
    if (value === undefined) return;
    if (isList(value)) for (const item of value) add(`${name}[]`, item);
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) add(`${name}[${key}]`, item);
    else parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  };
  for (const [name, value] of Object.entries(body)) add(name, value);
  return parts.join('&');
}
