import { type AskAs, eventually } from '../client.ts';
import { type PartnerEvent, partnerQueueOf } from '../partner.ts';
import { callSqs } from '../sqs.ts';
import type { StackFile } from '../stack.ts';

/** What the stack says of a customer when all is done. */
export interface CustomerEvidence {
  readonly id: string;
  /** Ids of the interactions in the timeline. */
  readonly timeline: readonly string[];
  readonly engagement: number;
  readonly frequency: number;
  readonly monetary: readonly { readonly amount: string; readonly currency: string }[];
  /** Ids of the events that were shared, by the record. */
  readonly shares: readonly string[];
}

export interface Told {
  readonly rule: string;
  readonly subjectId: string;
  readonly customerId: string;
}

interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function all<T>(read: (after: string | null) => Promise<Page<T>>): Promise<T[]> {
  const nodes: T[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const page: Page<T> = await read(after);
    nodes.push(...page.nodes);
    ({ hasNextPage: more, endCursor: after } = page.pageInfo);
  }
  return nodes;
}

const pageOf = (list: string, fields: string) =>
  `${list}(first: 100, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } }`;
const ofCustomer = (fields: string) => `query($id: ID!, $after: String) { customer(id: $id) { ${fields} } }`;

async function idsOf(ask: AskAs, list: 'timeline' | 'shares', id: string): Promise<string[]> {
  const query = ofCustomer(pageOf(list, 'id'));
  const nodes = await all(async (after) => {
    const { customer } = await ask<{ customer: Record<typeof list, Page<{ id: string }>> }>(query, {
      id,
      after,
    });
    return customer[list];
  });
  return nodes.map((node) => node.id);
}

const scoreQuery = `query($id: ID!) { customer(id: $id) {
  score { engagement frequency monetary { amount currency } } } }`;

export async function evidenceOf(ask: AskAs, id: string): Promise<CustomerEvidence> {
  const { customer } = await ask<{
    customer: { score: Omit<CustomerEvidence, 'id' | 'timeline' | 'shares'> | null };
  }>(scoreQuery, { id });
  const score = customer.score ?? { engagement: 0, frequency: 0, monetary: [] };
  return { id, ...score, timeline: await idsOf(ask, 'timeline', id), shares: await idsOf(ask, 'shares', id) };
}

/** All that the user who asks was told in the app. */
export function toldTo(ask: AskAs): Promise<Told[]> {
  const query = `query($after: String) { ${pageOf('notifications', 'rule subjectId customerId')} }`;
  return all(async (after) => (await ask<{ notifications: Page<Told> }>(query, { after })).notifications);
}

/** The message that each mail belongs to, one for each mail that left. */
export async function mailsOf({ mailUrl }: StackFile): Promise<string[]> {
  const answer = await fetch(`${mailUrl}?limit=10000`);
  if (!answer.ok) throw new Error(`The outbox answered ${answer.status}: ${await answer.text()}`);
  const sent = (await answer.json()) as { kind: string; tags: { message?: string } }[];
  return sent.filter(({ kind }) => kind === 'EMAIL').flatMap(({ tags }) => tags.message ?? []);
}

/** All that waits for a partner. It stays in the queue, hidden for an hour. */
export async function partnerEventsOf(endpoint: StackFile, partner: string): Promise<PartnerEvent[]> {
  const QueueUrl = await partnerQueueOf(endpoint, partner);
  const events: PartnerEvent[] = [];
  for (;;) {
    const { Messages = [] } = await callSqs(endpoint, 'ReceiveMessage', {
      ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 },
    });
    if (Messages.length === 0) return events;
    events.push(...Messages.map(({ Body }) => JSON.parse(Body).detail));
  }
}

/** Waits until something that was entered last has counted: all changes before it are on the bus then. */
export async function untilRelayed(ask: AskAs, customerId: string): Promise<void> {
  const query = 'mutation($input: LogInteractionInput!) { logInteraction(input: $input) { id } }';
  await ask(query, { input: { customerId, channel: 'PHONE', direction: 'OUTBOUND' } });
  await eventually(
    () => evidenceOf(ask, customerId),
    ({ engagement }) => engagement > 0,
    300_000,
  );
}
