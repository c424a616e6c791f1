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
