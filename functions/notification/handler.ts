import { randomBytes } from 'node:crypto';
import type { CustomerEventType } from '../../domain/events.ts';
import { findUser, usersIn } from '../directory/users.ts';
import { env } from '../runtime/env.ts';
import { freshId } from '../runtime/ids.ts';
import { newsHandler } from '../runtime/queue.ts';
import { tenantConfig } from '../runtime/tenant-config.ts';
import { consentsOf } from '../table/consents.ts';
import { getCustomer } from '../table/customers.ts';
import { getMessage, putMessage, releaseMessage, settleStored } from '../table/messages.ts';
import { addNotification } from '../table/notifications.ts';
import { addressKeyOf, isSuppressed } from '../table/suppressions.ts';
import { mailSender } from './mail.ts';
import { remembering } from './recipients.ts';
import { smsSender } from './sms.ts';
import { type Tools, tell } from './tell.ts';
import { templateWriter } from './templates.ts';

const { title, language, notifications } = tenantConfig;
const aMinute = { forMs: 60_000, now: Date.now };

const tools: Tools = {
  title,
  rules: notifications.rules,
  write: templateWriter({ ...tenantConfig, templates: notifications.templates }),
  customer: getCustomer,
  user: remembering(findUser, aMinute),
  team: remembering(usersIn, aMinute),
  consents: consentsOf,
  addressKey: addressKeyOf,
  isSuppressed,
  addNotification,
  message: getMessage,
  put: putMessage,
  release: releaseMessage,
  settle: settleStored,
  send: {
    EMAIL: mailSender({
      sender: notifications.sender,
      configurationSet: env('CONFIGURATION_SET'),
      language,
    }),
    SMS: smsSender(notifications.smsSender),
  },
  unsubscribeUrl: env('UNSUBSCRIBE_URL'),
  token: () => randomBytes(16).toString('base64url'),
  freshId,
  now: () => new Date().toISOString(),
};

export const handler = newsHandler<CustomerEventType>(
  ({ id }) => id,
  async ([event]) => {
    if (event) await tell(tools, event);
  },
);
