/** A type whose fields are there or absent, and never null. */
export type WithoutNull<T> = { readonly [K in keyof T]: Exclude<T[K], null> };

/** The fields that are there: null, undefined and absent are all the same. */
export function withoutEmpty<T extends object>(fields: T): WithoutNull<T> {
  const there = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(there) as WithoutNull<T>;
}
