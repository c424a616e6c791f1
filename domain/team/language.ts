/**
 * Of the languages that there are: the wanted one, without its region, the tenant's, without its region, or any.
 */
export function languageOf(
  available: readonly string[],
  wanted: string | undefined,
  fallback: string,
): string | undefined {
  const wishes = [wanted, wanted?.split('-')[0], fallback, fallback.split('-')[0]];
  const byTag = new Map(available.map((tag) => [tag.toLowerCase(), tag]));
  return wishes.map((tag) => tag && byTag.get(tag.toLowerCase())).find(Boolean) || available[0];
}
