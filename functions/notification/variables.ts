import type { Occasion, Recipient } from './recipients.ts';
import type { Variables } from './templates.ts';

/** What the templates of an occasion may speak of. */
export function variablesOf(
  title: string,
  { event, customer }: Occasion,
  { colleague }: Recipient,
  unsubscribeUrl?: string,
): Variables {
  const { kind, name, givenName, familyName, language } = customer;
  return {
    event: event.data,
    customer: { kind, name, givenName, familyName, language },
    firm: { title },
    ...(colleague ? { colleague } : {}),
    ...(unsubscribeUrl ? { unsubscribeUrl } : {}),
  };
}
