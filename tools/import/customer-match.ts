import { type Api, ApiError } from '../client/api.ts';
import type { CustomerRow, Identity } from './customer-rows.ts';

/** A customer as the API gives one, as far as it is compared. */
export interface KnownCustomer {
  readonly id: string;
  readonly version: number;
  readonly kind: string;
  readonly name: string;
  readonly givenName?: string | null;
  readonly familyName?: string | null;
  readonly language?: string | null;
  readonly address?: Readonly<Record<string, unknown>> | null;
  /** JSON, as AWSJSON comes. */
  readonly attributes?: string | null;
  readonly identities: readonly Identity[];
}

/** How many rows are looked for in one request: with three identities each, well below AppSync's limit of resolvers. */
export const mostLookedFor = 50;

const compared = `fragment Compared on Customer {
  id version kind name givenName familyName language attributes
  address { lines city region postalCode country } identities { kind value source }
}`;

/**
 * Finds the customer of each row: by external id, else by e-mail, else by phone. Who is found by e-mail or phone and
 * is somebody else in the same source is not the one who is meant. A row with an identity that the API does not take
 * is looked for apart from the others and finds nobody; its creation is refused for the same reason.
 */
export async function findKnown(
  rows: readonly CustomerRow[],
  api: Api,
): Promise<(KnownCustomer | undefined)[]> {
  try {
    return await lookUp(rows, api);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'INPUT.INVALID')) throw error;
    if (rows.length === 1) return [undefined];
    const half = Math.ceil(rows.length / 2);
    return [...(await findKnown(rows.slice(0, half), api)), ...(await findKnown(rows.slice(half), api))];
  }
}

async function lookUp(rows: readonly CustomerRow[], api: Api): Promise<(KnownCustomer | undefined)[]> {
  const identities = rows.flatMap((row) => row.identities);
  const parameters = identities.map((_, n) => `$i${n}: IdentityInput!`).join(', ');
  const fields = identities.map((_, n) => `i${n}: customerByIdentity(identity: $i${n}) { ...Compared }`);
  const found = await api<Record<string, KnownCustomer | null>>(
    `query FindImportedCustomers(${parameters}) { ${fields.join(' ')} } ${compared}`,
    Object.fromEntries(identities.map((identity, n) => [`i${n}`, identity])),
  );
  const holders = new Map(identities.map((identity, n) => [identity, found[`i${n}`] ?? undefined]));
  return rows.map((row) => {
    const candidates = row.identities.flatMap((identity) => {
      const holder = holders.get(identity);
      return holder && !isSomebodyElse(holder, row) ? [holder] : [];
    });
    return candidates[0];
  });
}

function isSomebodyElse({ identities }: KnownCustomer, row: CustomerRow): boolean {
  const [wanted] = row.identities;
  if (wanted?.kind !== 'EXTERNAL_ID') return false;
  const ofSource = identities.filter(
    ({ kind, source }) => kind === 'EXTERNAL_ID' && source === wanted.source,
  );
  return ofSource.length > 0 && ofSource.every(({ value }) => value !== wanted.value);
}

/** What of a row the customer has otherwise or not at all, as an update takes it; undefined when nothing. */
export function differences(known: KnownCustomer, row: CustomerRow): Record<string, unknown> | undefined {
  const { profile, address, attributes, identities } = row;
  const changed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(profile)) {
    const present = known[name as keyof typeof profile] ?? '';
    const same = name === 'language' ? present.toLowerCase() === value.toLowerCase() : present === value;
    if (!same) changed[name] = value;
  }
  const present = known.address ?? {};
  const movesTo = Object.entries(address).some(
    ([name, value]) => JSON.stringify(present[name]) !== JSON.stringify(value),
  );
  if (movesTo) changed.address = { ...present, ...address };
  const texts = JSON.parse(known.attributes ?? '{}') as Record<string, unknown>;
  const others = Object.entries(attributes).filter(([name, value]) => String(texts[name] ?? '') !== value);
  if (others.length > 0) changed.attributes = JSON.stringify(Object.fromEntries(others));
  const missing = identities.filter(
    (wanted) =>
      !known.identities.some(
        ({ kind, value, source }) =>
          kind === wanted.kind && value === wanted.value && (source ?? undefined) === wanted.source,
      ),
  );
  if (missing.length > 0) changed.addIdentities = missing;
  return Object.keys(changed).length > 0 ? changed : undefined;
}
