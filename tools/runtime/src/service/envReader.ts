import { AtlasError } from '../contract/atlasError.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads environment variables. Each function always returns a usable value, and adds what is wrong to `faults`. */
export interface EnvReader {
  readonly faults: string[];
  readonly optional: (name: string) => string | undefined;
  readonly required: (name: string) => string;
  /** An address with one of the protocols, such as `http:`. */
  readonly url: (name: string, protocols: readonly string[]) => string;
  readonly port: (name: string) => number;
  /** A number from `least` to `most`; `what` is its unit. */
  readonly count: (name: string, fallback: number, least: number, what: string, most?: number) => number;
  readonly matching: (name: string, form: RegExp, what: string, fallback: string) => string;
  readonly logLevel: () => LogLevel;
  /**
   * Returns the value if there is no fault. Otherwise throws `AtlasError` ATLAS_ENV with one sentence that names every
   * wrong variable, but no values, because some are secret. If the environment is `process.env` itself, the sentence
   * goes to stderr and the process exits with code 1.
   */
  readonly checked: <Env>(read: Env) => Env;
}

export function envReader(env: Environment): EnvReader {
  const faults: string[] = [];
  const optional = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  const required = (name: string): string => {
    const value = optional(name);
    if (value === undefined) faults.push(`${name} is not set`);
    return value ?? '';
  };
  const url = (name: string, protocols: readonly string[]): string => {
    const value = required(name);
    const protocol = URL.canParse(value) ? new URL(value).protocol : '';
    if (value !== '' && !protocols.includes(protocol))
      faults.push(`${name} is not a ${protocols.join('// or ')}// address`);
    return value;
  };
  const port = (name: string): number => {
    const value = optional(name) ?? '0';
    const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number <= 65_535)) faults.push(`${name} is not a port from 0 to 65535`);
    return number;
  };
  const count = (name: string, fallback: number, least: number, what: string, most = 99_999): number => {
    const value = optional(name) ?? String(fallback);
    const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= least && number <= most))
      faults.push(`${name} is not a number of ${what}, from ${least} to ${most}`);
    return number;
  };
  const matching = (name: string, form: RegExp, what: string, fallback: string): string => {
    const value = optional(name) ?? fallback;
    if (!form.test(value)) faults.push(`${name} ${what}`);
    return value;
  };
  const logLevel = (): LogLevel => {
    const level = optional('LOG_LEVEL') ?? 'info';
    const found = LEVELS.find((known) => known === level);
    if (found === undefined) faults.push(`LOG_LEVEL is not one of ${LEVELS.join(', ')}`);
    return found ?? 'info';
  };
  const checked = <Env>(read: Env): Env => {
    if (faults.length === 0) return read;
    const message = `environment variables are missing or wrong: ${faults.join('; ')}`;
    if (env === process.env) {
      process.stderr.write(`${message}\n`);
      process.exit(1);
    }
    throw new AtlasError('ATLAS_ENV', message);
  };
  return { faults, optional, required, url, port, count, matching, logLevel, checked };
}
