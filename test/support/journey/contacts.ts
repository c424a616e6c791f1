import { readEndpoint } from '../../../tools/client/endpoint.ts';
import { signInAs } from '../../../tools/client/session.ts';
import { subscribe } from '../../../tools/graphql/subscribe.ts';
import { eventually } from '../client.ts';
import { change, idOf, type Journey, type Step } from './step.ts';

/** Subscribes as the owner of the customer. `heard` tells all that came, until `stop`. */
async function listen({ cloud }: Journey, query: string, variables: Record<string, unknown> = {}) {
  const token = await (await signInAs(readEndpoint(cloud.stackFile, 'sales', {})))();
  const started = Promise.withResolvers<void>();
  const all: string[] = [];
  const { ended, stop } = subscribe({
    graphqlUrl: String(cloud.stack.graphqlUrl),
    token,
    query,
    variables,
    onStarted: started.resolve,
    onData: (data) => all.push(JSON.stringify(data)),
  });
  await Promise.race([started.promise, ended]);
  return { heard: async () => all.join(), stop };
}

const hearOfCustomer = 'subscription($id: ID!) { onCustomerActivity(customerId: $id) { id } }';
const hearOfNotification = 'subscription { onNotification { id } }';

async function talk(journey: Journey): Promise<void> {
  const customerId = idOf(journey, 'customer');
  const activity = await listen(journey, hearOfCustomer, { id: customerId });
  const notifications = await listen(journey, hearOfNotification);

  const contact = { customerId, channel: 'PHONE', direction: 'INBOUND', threadId: 'one' };
  const input = { ...contact, body: 'x'.repeat(10_000) };
  const ask = await journey.as('integration');
  const id = await change(ask, 'logInteraction', 'LogInteractionInput', input);

  journey.ids.set('interaction', id);
  await eventually(activity.heard, (all) => all.includes(id));
  await eventually(notifications.heard, (all) => all.includes('ntf_'));
  activity.stop();
  notifications.stop();
}

async function readConversation(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  const { thread } = await ask<{ thread: { nodes: { body: string }[] } }>(
    `query($id: ID!) {
      thread(customerId: $id, threadId: "one", first: 20) { nodes { id body } }
      customer(id: $id) { timeline(first: 20) { nodes { id body } } }
    }`,
    { id: idOf(journey, 'customer') },
  );
  if (thread.nodes[0]?.body.length !== 10_000) throw new Error('the body is not in the thread');
}

async function readNotification(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  const { notifications } = await ask<{ notifications: { nodes: { id: string }[] } }>(
    '{ notifications(unreadOnly: true, first: 20) { nodes { id } } }',
  );
  const [told] = notifications.nodes;
  if (!told) throw new Error('the owner of the customer was not told of the contact');
  const { marked } = await ask<{ marked: { results: { notification: object | null }[] } }>(
    `mutation($ids: [ID!]!) {
      marked: markNotificationsRead(input: { ids: $ids }) { results { notification { readAt } } }
    }`,
    { ids: [told.id] },
  );
  if (!marked.results[0]?.notification) throw new Error('the notification was not marked as read');
  journey.ids.set('notification', told.id);
}

/** The customer gets in touch. */
export const contactSteps: readonly Step[] = [
  { name: 'a contact is logged, and a colleague hears of it', run: talk },
  { name: 'the conversation is read', run: readConversation },
  { name: 'the notification is read', run: readNotification },
];
