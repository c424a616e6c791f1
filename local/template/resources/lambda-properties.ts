/** A number of a template, which may write it as a text. */
export const optionalNumber = (value: unknown) => (value === undefined ? undefined : Number(value));

/** The properties that are given, under the names that the local Lambda has for them. */
export function given<const T extends Record<string, unknown>>(
  members: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}
