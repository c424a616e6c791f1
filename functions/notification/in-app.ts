import type { Change } from '../../domain/change.ts';
import { type Notification, notify } from '../../domain/team/notification.ts';
import { notifier } from '../../domain/team/rule-matching.ts';
import { notificationIdFor } from '../table/ids.ts';
import type { Occasion, Recipient } from './recipients.ts';
import type { Write } from './templates.ts';
import { variablesOf } from './variables.ts';

/** What telling somebody in the app needs. */
export interface InAppTools {
  readonly title: string;
  readonly write: Write;
  /** False when it is there already. */
  readonly addNotification: (notification: Notification, change: Change) => Promise<boolean>;
  readonly freshId: () => string;
  readonly now: () => string;
}

/** Tells a colleague in the app, once for each event and rule: what is there already is not added again. */
export async function tellInApp(
  tools: InAppTools,
  { rule, event, customer }: Occasion,
  recipient: Recipient,
): Promise<void> {
  const said = tools.write(
    rule.template,
    recipient.language,
    variablesOf(tools.title, { rule, event, customer }, recipient),
  );
  const { notification, change } = notify(
    {
      id: notificationIdFor(recipient.id, event.time, event.id, rule.name),
      recipientId: recipient.id,
      rule: rule.name,
      title: said.title,
      body: said.text,
      customerId: customer.id,
      subjectId: event.subject,
      event: event.type,
    },
    {
      id: tools.freshId(),
      at: tools.now(),
      actor: notifier,
      reason: 'notification',
      correlationId: event.correlationId,
      causationId: event.id,
      ...(event.via ? { via: event.via } : {}),
    },
  );
  await tools.addNotification(notification, change);
}
