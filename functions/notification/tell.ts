import type { Customer } from '../../domain/customers/customer.ts';
import type { CustomerEvent } from '../../domain/events.ts';
import type { Delivery, NotificationRule } from '../../domain/team/notification-rule.ts';
import { rulesSetOff } from '../../domain/team/rule-matching.ts';
import { eachAtOnce } from '../runtime/at-once.ts';
import { type InAppTools, tellInApp } from './in-app.ts';
import { type MessageTools, tellByMessage } from './message.ts';
import { type Directory, type Occasion, type Recipient, recipientsOf } from './recipients.ts';

/** What telling somebody of an event needs. */
export interface Tools extends InAppTools, MessageTools, Directory {
  readonly rules: readonly NotificationRule[];
  readonly customer: (id: string) => Promise<Customer | undefined>;
}

/** How many are told at once. */
const toldAtOnce = 8;

/**
 * Tells everybody whom the tenant's rules name of an event. Each is told for itself: who cannot be told now does not
 * keep the others from it, and when the event comes again, who was told is not told again.
 *
 * @throws Error when somebody could not be told.
 */
export async function tell(tools: Tools, event: CustomerEvent): Promise<void> {
  const rules = rulesSetOff(tools.rules, event);
  if (rules.length === 0) return;
  const customer = await tools.customer(event.data.customerId);
  if (!customer) return;

  const errors: unknown[] = [];
  const attempt = (act: () => Promise<void>) => act().catch((error: unknown) => void errors.push(error));
  const tasks: (() => Promise<void>)[] = [];
  for (const rule of rules) {
    const occasion = { rule, event, customer };
    await attempt(async () => {
      tasks.push(...(await recipientsOf(tools, occasion)).flatMap((one) => tasksOf(tools, occasion, one)));
    });
  }
  await eachAtOnce(toldAtOnce, tasks, attempt);
  if (errors.length > 0) throw failureOf(event, errors);
}

function tasksOf(tools: Tools, occasion: Occasion, recipient: Recipient): (() => Promise<void>)[] {
  return occasion.rule.by.map((delivery) => () => tellBy(tools, delivery, occasion, recipient));
}

async function tellBy(
  tools: Tools,
  delivery: Delivery,
  occasion: Occasion,
  recipient: Recipient,
): Promise<void> {
  if (delivery !== 'IN_APP') return tellByMessage(tools, occasion, recipient, delivery);
  // A customer has no app to be told in.
  if (recipient.colleague) return tellInApp(tools, occasion, recipient);
}

function failureOf({ id }: CustomerEvent, errors: readonly unknown[]): Error {
  const reasons = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  return new AggregateError(
    errors,
    `Not everybody could be told of ${id}: ${[...new Set(reasons)].join('; ')}`,
  );
}
