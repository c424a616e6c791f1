import { expect, test } from 'vitest';
import type { AwsCall, LocalStack } from '../client/aws.ts';
import { countOutcomes, outcomesToText, untilIdle } from './digest.ts';

const stack = { tenant: 'demo', tableName: 'crm' } as LocalStack;
const queueUrl = (name: string) => `http://127.0.0.1/000000000000/${name}`;

/** A stack with these pages of items, and these queues at each look: messages waiting and in work. */
function stackOf(
  pages: readonly (readonly [sk: string, stage?: string])[][],
  looks: readonly Readonly<Record<string, readonly [number, number]>>[],
): AwsCall {
  let look = -1;
  const answers: Record<string, (input: never) => unknown> = {
    Scan: ({ ExclusiveStartKey = 0 }: { ExclusiveStartKey?: number }) => ({
      Items: pages[ExclusiveStartKey]?.map(([sk, stage]) => ({
        sk: { S: sk },
        ...(stage ? { stage: { S: stage } } : {}),
      })),
      ...(ExclusiveStartKey + 1 < pages.length ? { LastEvaluatedKey: ExclusiveStartKey + 1 } : {}),
    }),
    ListQueues: () => {
      look = Math.min(look + 1, looks.length - 1);
      return { QueueUrls: Object.keys(looks[look] ?? {}).map(queueUrl) };
    },
    GetQueueAttributes: ({ QueueUrl }: { QueueUrl: string }) => {
      const [waiting = 0, inWork = 0] = looks[look]?.[QueueUrl.split('/').at(-1) ?? ''] ?? [];
      const Attributes = {
        ApproximateNumberOfMessages: `${waiting}`,
        ApproximateNumberOfMessagesNotVisible: `${inWork}`,
      };
      return { Attributes };
    },
  };
  return async <Answer>(_service: string, action: string, input: object) =>
    answers[action]?.(input as never) as Answer;
}

test('what came of the facts is counted over all pages', async () => {
  const call = stackOf(
    [
      [['profile'], ['view#score', 'ACTIVE'], ['notification#1'], ['message#1']],
      [['view#score', 'LAPSED'], ['view#score', 'ACTIVE'], ['share#1'], ['share#2'], ['order#1']],
    ],
    [
      {
        'fidelia-demo-partner-carrier': [3, 1],
        'fidelia-demo-partner-carr-OutgoingDead1-ABCDEFGH1234': [5, 0],
        'fidelia-demo-app-Scoring-ABCDEFGH1234': [7, 0],
      },
    ],
  );

  const outcomes = await countOutcomes(call, stack);
  expect(outcomes).toEqual({
    scores: 3,
    stages: { ACTIVE: 2, LAPSED: 1 },
    notifications: 1,
    messages: 1,
    shares: 2,
    partnerEvents: 3,
  });
  const nothing = { scores: 1, stages: {}, notifications: 0, messages: 0, shares: 0, partnerEvents: 0 };
  expect(outcomesToText(nothing, outcomes)).toBe(
    [
      'Came of it 3 scores (2 new): 2 ACTIVE, 1 LAPSED',
      '           1 notifications (1 new), 1 messages (1 new)',
      "           2 shares (2 new), 3 events in partners' queues (3 new)",
    ].join('\n'),
  );
});

/** A clock that only waiting moves. */
function clock() {
  let time = 0;
  return {
    now: () => time,
    wait: async (ms: number) => {
      time += ms;
    },
  };
}

test('a stack is idle when its queues have stood still, whatever was left in them', async () => {
  const time = clock();
  const looks = [
    { work: [9, 2], partner: [1, 0] },
    { work: [0, 2], partner: [2, 0] },
    { work: [0, 0], partner: [4, 0] },
  ] as const;
  await untilIdle(stackOf([[]], looks), time);

  expect(time.now()).toBeGreaterThanOrEqual(500 + 3000);
  expect(time.now()).toBeLessThan(5000);
});

test('a stack that does not come to rest is given up, with what is still at work', async () => {
  await expect(untilIdle(stackOf([[]], [{ scoring: [0, 1] }]), clock())).rejects.toThrow(
    'the stack is still at work after 30 minutes: scoring',
  );
});
