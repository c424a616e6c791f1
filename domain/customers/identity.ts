import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import * as v from 'valibot';
import { Refusal } from '../errors.ts';
import { checkInput, optional, text } from '../input.ts';

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

const email = v.pipe(
  text(254),
  v.email((issue) => `${issue.received} is not an e-mail address: write it as ada@example.com`),
  v.toLowerCase(),
);

/** E.164 (https://www.itu.int/rec/T-REC-E.164): what a national form means depends on where it was written. */
const phone = v.pipe(
  text(32),
  v.check(isE164, (issue) => {
    const number = parsePhoneNumberFromString(issue.input, { defaultCountry: 'GB' })?.number;
    return `${JSON.stringify(issue.input)} is not in E.164: write it with the country code and digits only${number ? `, as ${number}` : ', as +441632960001'}`;
  }),
);

/** An identity as clients send it. */
export const identitySchema = v.pipe(
  v.object({
    kind: v.picklist(['EMAIL', 'PHONE', 'EXTERNAL_ID']),
    value: v.string(),
    source: optional(text(64)),
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }): Identity => {
    const { kind, value, source } = dataset.value;
    if (kind === 'EXTERNAL_ID' ? !source : source) {
      const needs =
        kind === 'EXTERNAL_ID' ? 'an external id needs the source it comes from' : `${kind} takes no source`;
      addIssue({
        message: needs,
        path: [{ type: 'object', origin: 'value', input: dataset.value, key: 'source', value: source }],
      });
      return NEVER;
    }
    const schema = kind === 'EMAIL' ? email : kind === 'PHONE' ? phone : text(128);
    const checked = v.safeParse(schema, value);
    if (!checked.success) {
      addIssue({
        message: checked.issues[0].message,
        path: [{ type: 'object', origin: 'value', input: dataset.value, key: 'value', value }],
      });
      return NEVER;
    }
    return source ? { kind, value: checked.output, source } : { kind, value: checked.output };
  }),
);

/** @throws Refusal `INPUT.INVALID` */
export const checkIdentity = (input: unknown): Identity => checkInput(identitySchema, input);

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

function isE164(value: string): boolean {
  const number = parsePhoneNumberFromString(value);
  return number?.number === value && number.isPossible();
}

function byKey(identities: readonly Identity[]): Map<string, Identity> {
  return new Map(identities.map((identity) => [identityKey(identity), identity]));
}
