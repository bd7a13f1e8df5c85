import { RESERVED_WORDS } from '@atlas/ir';
import { KEBAB_CASE, plural, spellings } from '@atlas/templates/init';
import { UsageError } from '../diagnostics/usageError.ts';

/**
 * The name of a database role is that of the service with a suffix such as `_owner`, and Postgres cuts names after 63
 * bytes.
 */
const LONGEST = 57;

/** Users of the broker that are not services. */
const USERS = new Set(['admin', 'broker']);

/** Names that the files of a service declare or take from the language, and words that SQL reserves. */
const TAKEN = new Set(
  (
    'Array Asked At Closed Closing Date Error Events Extract Open Opening Pick ' +
    'Promise Read Record Row Set String Tx ask close closed closing known open opened reference param view'
  ).split(' '),
);

/** Throws a UsageError if a service cannot have this name. */
export function checkServiceName(name: string): void {
  checkWords('a service', name);
  if (USERS.has(name)) throw new UsageError(`"${name}" is a user of every broker: choose another name for the service`);
}

/** Throws a UsageError if this cannot be the name of what a service is about. */
export function checkAggregateName(name: string): void {
  checkWords('what a service is about', name);
  const { camel, Pascal } = spellings(name);
  const many = spellings(plural(name)).camel.text;
  const taken = [camel.text, Pascal.text].some((each) => TAKEN.has(each) || RESERVED_WORDS.has(each));
  if (taken || RESERVED_WORDS.has(many))
    throw new UsageError(
      `"${name}" has a meaning of its own in the files of a service: use --aggregate <name> to name what it is about`,
    );
}

function checkWords(what: string, name: string): void {
  if (KEBAB_CASE.test(name) && name.length <= LONGEST) return;
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  throw new UsageError(
    `${shown} cannot be the name of ${what}: use words in lower case, joined by "-", at most ${LONGEST} characters`,
  );
}
