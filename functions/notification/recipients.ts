import type { Customer } from '../../domain/customers/customer.ts';
import type { CustomerEvent } from '../../domain/events.ts';
import type { MessageChannel } from '../../domain/interactions/message.ts';
import type { NotificationRule } from '../../domain/team/notification-rule.ts';
import type { DirectoryUser } from '../directory/users.ts';

/** What set off a rule. */
export interface Occasion {
  readonly rule: NotificationRule;
  readonly event: CustomerEvent;
  readonly customer: Customer;
}

/** Who is told. */
export interface Recipient {
  readonly id: string;
  /** Where to write; a channel without an address is left out. */
  readonly addresses: Readonly<Partial<Record<MessageChannel, string>>>;
  /** The wanted language; the tenant's when absent. */
  readonly language?: string | undefined;
  /** Absent for the customer. */
  readonly colleague?: { readonly name: string };
}

/** Looks up colleagues. */
export interface Directory {
  readonly user: (id: string) => Promise<DirectoryUser | undefined>;
  readonly team: (name: string) => Promise<readonly DirectoryUser[]>;
}

/** Who a rule tells. Nobody is told what they did themselves. */
export async function recipientsOf(
  { user, team }: Directory,
  { rule, event, customer }: Occasion,
): Promise<Recipient[]> {
  if (rule.to === 'CUSTOMER') return [toRecipient(customer)];
  const told = (id: string | undefined) => id !== undefined && id !== event.actor;
  if (rule.to === 'TEAM') {
    const users = customer.team ? await team(customer.team) : [];
    return users.filter(({ id }) => told(id)).map(toColleague);
  }
  const owner = customer.ownerId && told(customer.ownerId) ? await user(customer.ownerId) : undefined;
  return owner ? [toColleague(owner)] : [];
}

/** The customer, at the first address of each channel. */
function toRecipient({ id, identities, language }: Customer): Recipient {
  const first = (kind: string) => identities.find((identity) => identity.kind === kind)?.value;
  return { id, language, addresses: addresses(first('EMAIL'), first('PHONE')) };
}

/** A colleague; nothing is sent to who may not sign in any more. */
function toColleague({ id, username, name, email, phone, enabled }: DirectoryUser): Recipient {
  return {
    id,
    addresses: enabled ? addresses(email, phone) : {},
    colleague: { name: name ?? username },
  };
}

const addresses = (email: string | undefined, phone: string | undefined): Recipient['addresses'] => ({
  ...(email ? { EMAIL: email } : {}),
  ...(phone ? { SMS: phone } : {}),
});

/** Remembers who was looked up for a while: the user pool answers 30 of these questions a second. */
export function remembering<T>(
  lookUp: (key: string) => Promise<T>,
  { forMs, now }: { readonly forMs: number; readonly now: () => number },
): (key: string) => Promise<T> {
  const known = new Map<string, { readonly answer: T; readonly until: number }>();
  return async (key) => {
    const before = known.get(key);
    if (before && before.until > now()) return before.answer;
    const answer = await lookUp(key);
    if (known.size >= 1000) known.clear();
    known.set(key, { answer, until: now() + forMs });
    return answer;
  };
}
