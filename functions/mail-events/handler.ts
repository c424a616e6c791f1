import { freshId } from '../runtime/ids.ts';
import { logger } from '../runtime/logger.ts';
import { messageHandler } from '../runtime/queue.ts';
import { settleMessage } from '../table/messages.ts';
import { suppressAddress } from '../table/suppressions.ts';
import { withdrawMarketingMail } from '../table/withdrawals.ts';
import { type MailEvent, mailEventIn } from './mail-event.ts';
import { settleBy } from './settle.ts';

const tools = {
  settle: settleMessage,
  suppress: suppressAddress,
  withdraw: withdrawMarketingMail,
  cause: () => ({ id: freshId(), at: new Date().toISOString() }),
};

export const handler = messageHandler<{ readonly event: MailEvent | undefined }>({
  read: (body) => ({ event: mailEventIn(body) }),
  groupOf: ({ event }) => event?.messageId ?? '',
  handle: async (messages) => {
    for (const { event } of messages) {
      if (event) await settleBy(tools, event);
      else logger.info('An event says nothing of a message of ours');
    }
  },
});
