import openapiFetch, { type Client as OpenapiClient, type ClientOptions } from 'openapi-fetch';

export type { ClientOptions };

/** A client whose paths, parameters, bodies and answers are those of `Paths`, a `paths` type of openapi-typescript. */
export type Client<Paths extends object> = OpenapiClient<WithPlainLists<Paths>>;

/** A client by openapi-fetch, which takes paths as text. */
export function clientOf<Paths extends object>(options: ClientOptions): Client<Paths> {
  return openapiFetch<WithPlainLists<Paths>>(options);
}

/**
 * Generated types are readonly throughout, and openapi-fetch types a readonly list in an answer as an object with the
 * members of a list. Request types stay readonly, so that callers may pass readonly values.
 */
type WithPlainLists<Paths> = {
  [Path in keyof Paths]: {
    [Method in keyof Paths[Path]]: {
      [Part in keyof Paths[Path][Method]]: Part extends 'responses'
        ? PlainLists<Paths[Path][Method][Part]>
        : Paths[Path][Method][Part];
    };
  };
};

type PlainLists<T> = T extends readonly unknown[]
  ? { -readonly [Index in keyof T]: PlainLists<T[Index]> }
  : T extends object
    ? { [Key in keyof T]: PlainLists<T[Key]> }
    : T;
