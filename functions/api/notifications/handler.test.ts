import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../../domain/team/actor.ts';
import { notify } from '../../../domain/team/notification.ts';
import { pagesOf, startApi, users } from '../../../test/support/api.ts';

const { nora, ned } = users;
const api = await startApi();
const { addNotification } = await import('../../table/notifications.ts');
const { notificationIdFor } = await import('../../table/ids.ts');
afterAll(() => api.aws.close());

interface Told {
  readonly id: string;
  readonly title: string;
  readonly readAt?: string;
  readonly version: number;
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

async function tell(who: Actor, title: string, at: string) {
  const cause = { id: `chg_${title}`, at, actor: 'fn_notification', reason: 'test', correlationId: 'req_1' };
  const { notification, change } = notify(
    {
      id: notificationIdFor(who.id, at, `event of ${title}`, 'contact'),
      recipientId: who.id,
      rule: 'contact',
      title,
      event: 'crm.interaction.logged.v1',
    },
    cause,
  );
  return { notification, added: await addNotification(notification, change) };
}

const list = (who: Actor, unreadOnly?: boolean) =>
  pagesOf<Told>((after) => api.ask(who, 'Query.notifications', { first: 2, after, unreadOnly }));

const mark = async (who: Actor, ids: readonly string[]) => {
  const args = { input: { ids } };
  const { results } = await api.ask<{
    results: { notification?: Told; error?: { code: string; message: string } }[];
  }>(who, 'Mutation.markNotificationsRead', args);
  return results;
};

beforeAll(async () => {
  for (const n of [1, 2, 3, 4, 5]) await tell(nora, `n${n}`, daysAgo(6 - n));
  await tell(nora, 'long ago', daysAgo(200));
  await tell(ned, 'for ned', daysAgo(1));
});

describe('notifications', () => {
  test('are those of the caller, latest first, in pages, and none that has expired', async () => {
    expect((await list(nora)).map(({ title }) => title)).toEqual(['n5', 'n4', 'n3', 'n2', 'n1']);
    expect((await list(ned)).map(({ title }) => title)).toEqual(['for ned']);
    expect(await list(users.sue)).toEqual([]);
  });

  test('are told once, however often the same event comes', async () => {
    const at = daysAgo(0);

    expect((await tell(users.sue, 'twice', at)).added).toBe(true);
    expect((await tell(users.sue, 'twice', at)).added).toBe(false);
    expect(await list(users.sue)).toHaveLength(1);
  });

  test('can be fetched by the user who is told, and by nobody else', async () => {
    const [first] = await list(ned);
    const id = first?.id ?? '';

    expect(await api.ask(ned, 'Query.node', { id })).toMatchObject({
      __typename: 'Notification',
      title: 'for ned',
    });
    expect(await api.ask(users.admin, 'Query.node', { id })).toBeNull();
  });

  test('are read once, and leave the list of unread ones', async () => {
    const [newest] = await list(nora);
    const id = newest?.id ?? '';

    const [once] = await mark(nora, [id]);
    const [again, same] = await mark(nora, [id, id]);

    expect(once?.notification).toMatchObject({ id, version: 2, readAt: expect.any(String) });
    expect(again?.notification).toEqual(once?.notification);
    expect(same?.notification).toEqual(once?.notification);
    expect((await list(nora, true)).map(({ title }) => title)).toEqual(['n4', 'n3', 'n2', 'n1']);
    expect(await list(nora)).toHaveLength(5);
  });

  test('of others cannot be marked, nor what is no notification; the other rows are', async () => {
    const [theirs] = await list(ned);
    const [, own] = await list(nora);

    const results = await mark(nora, [theirs?.id ?? '', 'ntf_nothing', own?.id ?? '']);

    expect(results.map(({ error }) => error?.code)).toEqual([
      'NOTIFICATION.NOT_FOUND',
      'NOTIFICATION.NOT_FOUND',
      undefined,
    ]);
    expect(results[1]?.error?.message).toContain('ntf_nothing');
    expect((await list(ned))[0]?.readAt).toBeUndefined();
  });

  test('are no news when they are read: the relay has nothing to tell', async () => {
    const before = api.aws.changes().map(({ id }) => id);
    const [, , own] = await list(nora);

    await mark(nora, [own?.id ?? '']);

    expect(before).toEqual(expect.arrayContaining(api.aws.changes().map(({ id }) => id)));
  });
});

test('a subscription is to the caller’s own notifications, whoever asks', async () => {
  expect(await api.call(ned, 'Subscription.onNotification', {})).toMatchObject({
    ok: true,
    subscriptionFilter: {
      filterGroup: [{ filters: [{ fieldName: 'recipientId', operator: 'eq', value: 'usr_ned' }] }],
    },
  });
});
