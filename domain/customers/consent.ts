import { type Cause, type Change, stamp, withVia } from '../change.ts';
import { Refusal } from '../errors.ts';
import type { Channel } from '../interactions/channel.ts';
import type { Via } from '../via.ts';
import { withoutEmpty } from '../without-empty.ts';
import type { RecordConsent } from './consent-input.ts';

/** What the firm may be allowed to do with what it knows of a customer. */
export const consentPurposes = ['MARKETING', 'SERVICE', 'ANALYTICS', 'SHARING'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

export const consentStates = ['GRANTED', 'WITHDRAWN'] as const;
export type ConsentState = (typeof consentStates)[number];

/** The legal bases of article 6(1) of the GDPR (https://eur-lex.europa.eu/eli/reg/2016/679/oj). */
export const legalBases = [
  'CONSENT',
  'CONTRACT',
  'LEGAL_OBLIGATION',
  'VITAL_INTERESTS',
  'PUBLIC_TASK',
  'LEGITIMATE_INTERESTS',
] as const;
export type LegalBasis = (typeof legalBases)[number];

/** What is consented to: a purpose, perhaps on one channel only, perhaps with one partner only. */
export interface ConsentScope {
  readonly purpose: ConsentPurpose;
  /** All channels when absent. */
  readonly channel?: Channel | undefined;
  /** For SHARING: all partners when absent. */
  readonly partnerId?: string | undefined;
}

/** A statement of consent. It is recorded once and stays. */
export interface Consent extends ConsentScope {
  readonly id: string;
  readonly customerId: string;
  readonly state: ConsentState;
  /** On what a grant rests. */
  readonly basis?: LegalBasis | undefined;
  /** Where it can be looked up. */
  readonly proof?: string | undefined;
  readonly statedAt: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly via: Via;
  readonly version: number;
}

/**
 * Most consents in force of one customer. They are stored in one item, which stays below 400 KB with the longest proof in
 * each (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
 */
export const mostConsents = 200;

/** Records the statement under the id that the shell derived for it. */
export function recordConsent(
  id: string,
  { clientRequestId: _request, via, ...statement }: RecordConsent,
  cause: Cause,
): { consent: Consent; change: Change } {
  const consent: Consent = {
    ...withoutEmpty(statement),
    id,
    recordedAt: cause.at,
    recordedBy: cause.actor,
    via: via ?? 'API',
    version: 1,
  };
  const { customerId, purpose, channel, partnerId, state, statedAt } = consent;
  const change = stamp(withVia(cause, consent.via), {
    type: 'crm.consent.recorded.v1',
    subject: id,
    sequence: consent.version,
    data: {
      consentId: id,
      customerId,
      purpose,
      ...(channel ? { channel } : {}),
      ...(partnerId ? { partnerId } : {}),
      state,
      statedAt,
    },
  });
  return { consent, change };
}

/**
 * The consents in force after a statement: of each scope the latest. A statement that comes late is not in force when a
 * later one is, in whatever order they are recorded. Unchanged, it is the list that was given.
 *
 * @param present of the same customer
 * @throws Refusal `CUSTOMER.CONSENT_LIMIT`
 */
export function inForceAfter(present: readonly Consent[], statement: Consent): readonly Consent[] {
  const index = present.findIndex((consent) => scopeKey(consent) === scopeKey(statement));
  const before = present[index];
  if (before) return counts(before, statement) ? present : present.with(index, statement);
  if (present.length < mostConsents) return [...present, statement];
  throw new Refusal(
    'CUSTOMER.CONSENT_LIMIT',
    `${statement.customerId} has ${mostConsents} consents in force, each for another purpose, channel or partner: state it for all channels or partners`,
    { customerId: statement.customerId, value: mostConsents },
  );
}

/**
 * Whether a customer allows something: of the statements that cover it, the latest decides. What is for all channels or
 * partners covers each of them; who never said anything does not allow it.
 *
 * @param consents in force
 */
export function isGranted(consents: readonly Consent[], asked: ConsentScope): boolean {
  const covering = consents.filter(
    ({ purpose, channel, partnerId }) =>
      purpose === asked.purpose &&
      (channel === undefined || channel === asked.channel) &&
      (partnerId === undefined || partnerId === asked.partnerId),
  );
  if (covering.length === 0) return false;
  return covering.reduce((a, b) => (counts(a, b) ? a : b)).state === 'GRANTED';
}

/** Whether `a` counts rather than `b`: the later one, at the same moment a withdrawal; else the id decides, for good. */
function counts(a: Consent, b: Consent): boolean {
  if (a.statedAt !== b.statedAt) return a.statedAt > b.statedAt;
  if (a.state !== b.state) return a.state === 'WITHDRAWN';
  return a.id >= b.id;
}

const scopeKey = ({ purpose, channel, partnerId }: ConsentScope) => [purpose, channel, partnerId].join('|');
