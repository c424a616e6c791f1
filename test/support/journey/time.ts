import { createAwsCall, type LocalStack } from '../../../tools/client/aws.ts';
import { eventually } from '../client.ts';
import { mailsTo, messagesTo } from './messages.ts';
import { idOf, type Journey, type Step } from './step.ts';

async function engage(journey: Journey): Promise<void> {
  const customerId = idOf(journey, 'customer');
  const visit = { customerId, channel: 'IN_STORE', direction: 'OUTBOUND' };
  const input = { interactions: Array.from({ length: 12 }, () => visit) };
  await (await journey.as('integration'))(
    'mutation($input: LogInteractionsInput!) { logInteractions(input: $input) { results { index } } }',
    { input },
  );
  await told(journey, 'hot');
}

/** Waits until the owner of the customer has been told by a rule. */
async function told({ as }: Journey, rule: string): Promise<void> {
  const ask = await as('sales');
  await eventually(
    () => ask<{ notifications: { nodes: { rule: string }[] } }>('{ notifications { nodes { rule } } }'),
    ({ notifications }) => notifications.nodes.some((one) => one.rule === rule),
  );
}

const halfAYear = 200 * 24 * 60 * 60 * 1000;

async function lapse(journey: Journey): Promise<void> {
  const id = idOf(journey, 'customer');
  const isJudged = await countUnderAnotherPolicy(journey, idOf(journey, 'customer BOUNCED'));
  journey.cloud.runSchedules(new Date(Date.now() + halfAYear));
  await told(journey, 'lapsing');
  await eventually(
    () => messagesTo(journey, id),
    (messages) => messages.some(({ rule, state }) => rule === 'win-back' && state === 'DELIVERED'),
  );
  await eventually(isJudged, (done) => done);
}

/**
 * As if the tenant had changed how it counts, so that who judges the score looks for what was counted before: for a
 * customer whose one order has been counted, whom only time makes anybody judge again. Gives what tells whether it was.
 */
async function countUnderAnotherPolicy(
  { cloud }: Journey,
  customerId: string,
): Promise<() => Promise<boolean>> {
  const stack = cloud.stack as unknown as LocalStack;
  const call = createAwsCall(stack);
  const Key = { pk: { S: `${stack.tenant}#${customerId}` }, sk: { S: 'view#score' } };
  const item = { TableName: stack.tableName, Key };
  const version = async () =>
    (await call<{ Item?: { version: { N: string } } }>('dynamodb', 'GetItem', item)).Item?.version.N;
  const counted = await eventually(version, (number) => number !== undefined);
  await call('dynamodb', 'UpdateItem', {
    ...item,
    UpdateExpression: 'SET #policy = :other',
    ExpressionAttributeNames: { '#policy': 'policy' },
    ExpressionAttributeValues: { ':other': { S: 'another' } },
  });
  return async () => (await version()) !== counted;
}

async function unsubscribe(journey: Journey): Promise<void> {
  const id = idOf(journey, 'customer');
  const mails = await mailsTo(journey, 'ada@journey.example');
  const [link] = mails.flatMap(({ headers }) => headers['List-Unsubscribe']?.match(/(?<=<).*(?=>)/) ?? []);
  if (link === undefined) throw new Error('no mail to the customer has a link to unsubscribe');
  // The stack may have started again since, on another port.
  const { pathname, search } = new URL(link);
  const { status } = await fetch(`${journey.cloud.stack.cognitoUrl}${pathname}${search}`, { method: 'POST' });
  if (status !== 200) throw new Error(`${link} answered ${status}`);
  const ask = await journey.as('sales');
  const { customer } = await ask<{ customer: { consents: { purpose: string; state: string }[] } }>(
    'query($id: ID!) { customer(id: $id) { consents { purpose state } } }',
    { id },
  );
  if (!customer.consents.some(({ purpose, state }) => purpose === 'MARKETING' && state === 'WITHDRAWN'))
    throw new Error('the consent to marketing was not withdrawn');
}

/** Time passes. */
export const timeSteps: readonly Step[] = [
  { name: 'the customer comes often, and the team is told', run: engage },
  { name: 'the customer does not come for half a year', run: lapse },
  { name: 'the customer unsubscribes', run: unsubscribe },
];
