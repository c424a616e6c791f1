import type { Channel } from '../interactions/channel.ts';
import type { Via } from '../via.ts';

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

/** What is consented to: a purpose, perhaps on one channel only, perhaps with one partner only. */
export interface ConsentScope {
  readonly purpose: ConsentPurpose;
  /** All channels when absent. */
  readonly channel?: Channel | undefined;
  /** For SHARING: all partners when absent. */
  readonly partnerId?: string | undefined;
}

/**
 * Whether a customer allows something: of the statements that cover it, the latest decides; at the same moment a
 * withdrawal. Who never said anything does not allow it.
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
  const latest = covering
    .map(({ statedAt }) => statedAt)
    .sort()
    .at(-1);
  const deciding = covering.filter(({ statedAt }) => statedAt === latest);
  return deciding.length > 0 && deciding.every(({ state }) => state === 'GRANTED');
}
