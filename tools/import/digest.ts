import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsCall, LocalStack } from '../client/aws.ts';

/** What the functions of a stack made of the facts: items of the table, by kind. */
export interface Outcomes {
  scores: number;
  /** Customers in each stage. */
  readonly stages: Record<string, number>;
  notifications: number;
  /** Mails and SMS, recorded before they leave. */
  messages: number;
  /** What was shared with partners, recorded before it leaves. */
  shares: number;
  /** What lies in the partners' queues. */
  partnerEvents: number;
}

interface ScanAnswer {
  readonly Items: readonly { readonly sk: { readonly S: string }; readonly stage?: { readonly S: string } }[];
  readonly LastEvaluatedKey?: object;
}

interface Queue {
  readonly name: string;
  readonly waiting: number;
  /** In work. */
  readonly inFlight: number;
}

/** Counts what there is. It reads the whole table: fine on one machine, and nothing to do to a deployed stack. */
export async function countOutcomes(call: AwsCall, stack: LocalStack): Promise<Outcomes> {
  const outcomes: Outcomes = {
    scores: 0,
    stages: {},
    notifications: 0,
    messages: 0,
    shares: 0,
    partnerEvents: 0,
  };
  let next: object | undefined;
  do {
    const page = { TableName: stack.tableName, ProjectionExpression: 'sk, stage' };
    const input = next ? { ...page, ExclusiveStartKey: next } : page;
    const answer: ScanAnswer = await call('dynamodb', 'Scan', input);
    for (const { sk, stage } of answer.Items) countItem(outcomes, sk.S, stage?.S);
    next = answer.LastEvaluatedKey;
  } while (next);
  const queues = await readQueues(call);
  const ofPartners = queues.filter(({ name }) => isOfPartner(name, stack.tenant));
  outcomes.partnerEvents = ofPartners.reduce((sum, { waiting }) => sum + waiting, 0);
  return outcomes;
}

/** The queue that a partner reads has a name of its own; those of dead letters end as CloudFormation names them. */
const isOfPartner = (name: string, tenant: string) =>
  name.startsWith(`fidelia-${tenant}-partner-`) && !/-[0-9A-Z]{12}$/.test(name);

function countItem(outcomes: Outcomes, sk: string, stage: string | undefined): void {
  if (sk === 'view#score') {
    outcomes.scores++;
    if (stage) outcomes.stages[stage] = (outcomes.stages[stage] ?? 0) + 1;
  } else if (sk.startsWith('notification#')) outcomes.notifications++;
  else if (sk.startsWith('message#')) outcomes.messages++;
  else if (sk.startsWith('share#')) outcomes.shares++;
}

/** How long nothing may move until it counts as done; the relay polls much more often. */
const quietMs = 3000;

const longestMs = 30 * 60 * 1000;

/**
 * Waits until the queues stand still: nothing is in work and no number has changed for a while. What lies in a partner's
 * queue or was set aside stays there, and is not waited for.
 *
 * @throws Error naming the queues that still move after half an hour
 */
export async function untilIdle(
  call: AwsCall,
  { wait = sleep, now = Date.now }: { wait?: (ms: number) => Promise<unknown>; now?: () => number } = {},
): Promise<void> {
  const began = now();
  let last = '';
  let since = began;
  for (;;) {
    const queues = await readQueues(call);
    const state = JSON.stringify(queues);
    if (state !== last || queues.some(({ inFlight }) => inFlight > 0)) [last, since] = [state, now()];
    if (now() - since >= quietMs) return;
    if (now() - began > longestMs) {
      const moving = queues.filter(({ inFlight }) => inFlight > 0).map(({ name }) => name);
      throw new Error(`the stack is still at work after ${longestMs / 60_000} minutes: ${moving.join(', ')}`);
    }
    await wait(250);
  }
}

async function readQueues(call: AwsCall): Promise<Queue[]> {
  const { QueueUrls = [] } = await call<{ QueueUrls?: string[] }>('sqs', 'ListQueues', {});
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  return Promise.all(
    QueueUrls.map(async (QueueUrl) => {
      const { Attributes = {} } = await call<{ Attributes?: Record<string, string> }>(
        'sqs',
        'GetQueueAttributes',
        { QueueUrl, AttributeNames },
      );
      const [waiting = 0, inFlight = 0] = AttributeNames.map((name) => Number(Attributes[name] ?? 0));
      return { name: QueueUrl.split('/').at(-1) ?? '', waiting, inFlight };
    }),
  );
}

/** What came of an import, for people: what there is now, and in brackets how much of that is new. */
export function outcomesToText(before: Outcomes, after: Outcomes): string {
  const n = (count: number) => count.toLocaleString('en');
  const counted = (what: keyof Omit<Outcomes, 'stages'>, name: string) =>
    `${n(after[what])} ${name} (${n(after[what] - before[what])} new)`;
  const stages = Object.entries(after.stages).map(([stage, count]) => `${n(count)} ${stage}`);
  return [
    `Came of it ${counted('scores', 'scores')}${stages.length > 0 ? `: ${stages.join(', ')}` : ''}`,
    `${' '.repeat(11)}${counted('notifications', 'notifications')}, ${counted('messages', 'messages')}`,
    `${' '.repeat(11)}${counted('shares', 'shares')}, ${counted('partnerEvents', "events in partners' queues")}`,
  ].join('\n');
}
