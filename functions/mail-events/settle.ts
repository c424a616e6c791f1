import type { Cause } from '../../domain/change.ts';
import type { Report } from '../../domain/interactions/message.ts';
import { logger } from '../runtime/logger.ts';
import type { StoredMessage } from '../table/messages.ts';
import type { Withdrawal } from '../table/withdrawals.ts';
import type { MailEvent } from './mail-event.ts';

/** What settling a message needs. */
export interface Tools {
  /** The message after the report; undefined when there is none. */
  readonly settle: (messageId: string, report: Report) => Promise<StoredMessage | undefined>;
  readonly suppress: (addressKey: string, messageId: string, since: string) => Promise<void>;
  readonly withdraw: (withdrawal: Withdrawal, cause: Cause) => Promise<void>;
  readonly cause: () => Pick<Cause, 'id' | 'at'>;
}

/**
 * Takes what SES says of a message: settles it, and does not write any more to an address that does not exist or whose
 * owner complained; who complains of marketing has withdrawn the consent to it. Twice or in any order it ends the same.
 */
export async function settleBy(
  { settle, suppress, withdraw, cause }: Tools,
  { messageId, report, suppresses }: MailEvent,
): Promise<void> {
  const stored = await settle(messageId, report);
  if (!stored) {
    logger.info('There is no such message', { messageId });
    return;
  }
  const { message, addressKey } = stored;
  if (suppresses) await suppress(addressKey, messageId, report.at);
  const isForCustomer = message.recipientId === message.customerId;
  if (report.state === 'COMPLAINED' && message.purpose === 'MARKETING' && isForCustomer) {
    const proof = `Complaint ${messageId}`;
    const by = { actor: 'fn_mail-events', reason: 'complaint', correlationId: messageId };
    await withdraw({ customerId: message.customerId, proof, statedAt: report.at }, { ...cause(), ...by });
  }
}
