import { Refusal } from '../../../domain/errors.ts';
import { markRead, type Notification } from '../../../domain/team/notification.ts';
import type {
  MutationMarkNotificationsReadArgs,
  QueryNotificationsArgs,
} from '../../../graphql/generated/types.ts';
import { type ApiRequest, apiHandler, type SubscriptionFilter } from '../../runtime/api.ts';
import { eachRow } from '../../runtime/batch.ts';
import { untilUncontended } from '../../table/contention.ts';
import { getNotification, notificationsOf, replaceNotification } from '../../table/notifications.ts';

export const handler = apiHandler(
  {
    'Query.notifications': ({ args, actor }: ApiRequest<QueryNotificationsArgs>) =>
      notificationsOf(actor.id, args, { unreadOnly: args.unreadOnly ?? false }),
    'Mutation.markNotificationsRead': (request: ApiRequest<MutationMarkNotificationsReadArgs>) =>
      eachRow(request.args.input.ids, async (id) => ({ notification: await markOne(request, id) })),
  },
  { 'Subscription.onNotification': ownNotifications },
);

function markOne({ actor, now }: ApiRequest, id: string): Promise<Notification> {
  return untilUncontended(async () => {
    const notification = await getNotification(id);
    if (notification?.recipientId !== actor.id) throw notFound(id);
    const read = markRead(notification, now);
    return read === notification || (await replaceNotification(read)) ? read : 'contended';
  });
}

/** Who subscribes hears of what is told to them, and of nothing else. */
async function ownNotifications({ actor }: ApiRequest): Promise<SubscriptionFilter> {
  return { filterGroup: [{ filters: [{ fieldName: 'recipientId', operator: 'eq', value: actor.id }] }] };
}

const notFound = (id: string) =>
  new Refusal('NOTIFICATION.NOT_FOUND', `You have no notification ${id}: take the ids of notifications`, {
    field: 'ids',
    value: id,
  });
