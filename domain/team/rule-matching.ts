import type { CustomerEvent } from '../events.ts';
import type { NotificationRule } from './notification-rule.ts';

/** Who makes what notification itself writes; nothing that follows from it tells anybody anything. */
export const notifier = 'fn_notification';

/**
 * The rules that an event sets off. What was imported sets off only rules that ask for it, those towards colleagues as
 * well: history is no news, and an import of 25,000 orders must not write 25,000 notifications.
 */
export function rulesSetOff(rules: readonly NotificationRule[], event: CustomerEvent): NotificationRule[] {
  if (event.actor === notifier) return [];
  return rules.filter(
    (rule) =>
      rule.on === event.type &&
      (event.via !== 'IMPORT' || rule.imported === true) &&
      holds(rule.where ?? {}, event.data),
  );
}

/** Whether each field is there and has, written as a text, one of its values. */
function holds(where: NonNullable<NotificationRule['where']>, data: object): boolean {
  return Object.entries(where).every(([field, values]) => {
    const value = Object.hasOwn(data, field) ? (data as Record<string, unknown>)[field] : undefined;
    return value !== undefined && value !== null && values.includes(String(value));
  });
}
