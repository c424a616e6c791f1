import { Refusal } from '../errors.ts';

export type IdentityKind = 'EMAIL' | 'PHONE' | 'EXTERNAL_ID';

/** Something by which a customer is recognised, in canonical form. */
export interface Identity {
  readonly kind: IdentityKind;
  readonly value: string;
  /** The other system, for an external id. */
  readonly source?: string;
}

/** Most identities of one customer: they are stored in the profile, whose size they bound. */
export const mostIdentities = 50;

/** Equal for equal identities, different for different ones; `|` cannot stand unescaped in a part. */
export function identityKey({ kind, source = '', value }: Identity): string {
  return [kind, encodeURIComponent(source), encodeURIComponent(value)].join('|');
}

/**
 * The identities without `removed` and with `added`, each once; what is in both stays. `added` and `removed` of the
 * result are what really comes and goes.
 *
 * @throws Refusal `CUSTOMER.IDENTITY_LIMIT`
 */
export function mergeIdentities(
  present: readonly Identity[],
  added: readonly Identity[],
  removed: readonly Identity[],
): { identities: Identity[]; added: Identity[]; removed: Identity[] } {
  const before = byKey(present);
  const wanted = byKey(added);
  const unwanted = byKey(removed);
  const leaves = (key: string) => unwanted.has(key) && !wanted.has(key);
  const gone = [...before].filter(([key]) => leaves(key)).map(([, identity]) => identity);
  const kept = [...before].filter(([key]) => !leaves(key)).map(([, identity]) => identity);
  const come = [...wanted].filter(([key]) => !before.has(key)).map(([, identity]) => identity);
  const identities = [...kept, ...come];
  if (identities.length > mostIdentities) {
    throw new Refusal(
      'CUSTOMER.IDENTITY_LIMIT',
      `${identities.length} identities; a customer has at most ${mostIdentities}: remove some`,
      { field: 'identities', value: identities.length },
    );
  }
  return { identities, added: come, removed: gone };
}

/** The refusal for an identity that another customer has. */
export function identityTaken(identity: Identity, customerId: string): Refusal {
  const code = (
    {
      EMAIL: 'CUSTOMER.EMAIL_TAKEN',
      PHONE: 'CUSTOMER.PHONE_TAKEN',
      EXTERNAL_ID: 'CUSTOMER.IDENTITY_TAKEN',
    } as const
  )[identity.kind];
  const what = identity.source ? `${identity.value} of ${identity.source}` : identity.value;
  return new Refusal(code, `${what} belongs to another customer: find it with customerByIdentity`, {
    field: 'identities',
    value: identity.value,
    customerId,
  });
}

function byKey(identities: readonly Identity[]): Map<string, Identity> {
  return new Map(identities.map((identity) => [identityKey(identity), identity]));
}
