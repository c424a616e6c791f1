import type { Cause } from '../../domain/change.ts';
import { isGranted, recordConsent } from '../../domain/customers/consent.ts';
import { checkRecordConsent } from '../../domain/customers/consent-input.ts';
import { addConsent, consentsOf } from './consents.ts';
import { consentIdFor, fingerprintOfCreation } from './ids.ts';

/** A customer's word that marketing by mail is not wanted. */
export interface Withdrawal {
  readonly customerId: string;
  /** Where it can be looked up; the same proof and moment are recorded once. */
  readonly proof: string;
  readonly statedAt: string;
}

const scope = { purpose: 'MARKETING', channel: 'EMAIL' } as const;

/**
 * Withdraws the consent to marketing by mail; nothing is written when it is withdrawn already. A grant may be stated up to
 * a day ahead, by a clock that is fast: the withdrawal is then stated at that moment too, where it outweighs the grant.
 */
export async function withdrawMarketingMail(
  { customerId, proof, statedAt }: Withdrawal,
  cause: Cause,
): Promise<void> {
  const inForce = await consentsOf(customerId);
  const covering = inForce.filter(
    ({ purpose, channel }) => purpose === scope.purpose && (channel ?? scope.channel) === scope.channel,
  );
  if (covering.length > 0 && !isGranted(covering, scope)) return;
  const ahead = covering.map((consent) => consent.statedAt).filter((moment) => moment > cause.at);
  const input = {
    ...scope,
    customerId,
    state: 'WITHDRAWN',
    proof,
    statedAt: ahead.reduce((a, b) => (a > b ? a : b), statedAt),
    clientRequestId: proof,
  };
  const command = checkRecordConsent(input, cause.at);
  const id = consentIdFor(customerId, command.statedAt, {
    caller: cause.actor,
    clientRequestId: proof,
  });
  const { consent, change } = recordConsent(id, command, cause);
  await addConsent(consent, change, fingerprintOfCreation(command));
}
