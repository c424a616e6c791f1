import type { SQSEvent } from 'aws-lambda';
import { describe, expect, test, vi } from 'vitest';
import type { CustomerEvent } from '../../domain/events.ts';

vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
const { newsHandler, queueHandler } = await import('./queue.ts');

const message = (messageId: string, customerId: string) => ({
  messageId,
  body: JSON.stringify({
    detail: { id: `evt_${messageId}`, type: 'crm.score.changed.v1', data: { customerId } },
  }),
});
const batch = (...records: { messageId: string; body: string }[]) => ({ Records: records }) as SQSEvent;

function recorder(fails: (customerId: string) => boolean) {
  const handled: string[][] = [];
  const handler = queueHandler(
    ({ data }) => data.customerId,
    async (events: CustomerEvent[]) => {
      if (fails(events[0]?.data.customerId ?? '')) throw new Error('the table is busy');
      handled.push(events.map(({ id }) => id));
    },
  );
  return { handled, handler };
}

describe('queueHandler', () => {
  test('handles the events of a group together, in the order of the queue', async () => {
    const { handled, handler } = recorder(() => false);

    const answer = await handler(batch(message('1', 'ada'), message('2', 'eve'), message('3', 'ada')));

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual([['evt_1', 'evt_3'], ['evt_2']]);
  });

  test('gives back the messages of a group that fails, and only those', async () => {
    const { handled, handler } = recorder((customerId) => customerId === 'ada');

    const answer = await handler(batch(message('1', 'ada'), message('2', 'eve'), message('3', 'ada')));

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '3' }] });
    expect(handled).toEqual([['evt_2']]);
  });

  test.each(['no JSON', '{}', '{"detail":{}}', 'null'])(
    'gives back a message that holds no event, and handles the others: %s',
    async (body) => {
      const { handled, handler } = recorder(() => false);

      const answer = await handler(batch({ messageId: 'odd', body }, message('2', 'eve')));

      expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'odd' }] });
      expect(handled).toEqual([['evt_2']]);
    },
  );
});

test('newsHandler leaves out what comes from the archive once more, and says that it is done', async () => {
  const handled: string[][] = [];
  const handler = newsHandler(
    ({ data }) => data.customerId,
    async (events: CustomerEvent[]) => void handled.push(events.map(({ id }) => id)),
  );
  const replayed = ({ messageId, body }: ReturnType<typeof message>) => ({
    messageId,
    body: JSON.stringify({ ...JSON.parse(body), 'replay-name': 'again' }),
  });

  const answer = await handler(
    batch(message('1', 'ada'), replayed(message('2', 'ada')), replayed(message('3', 'eve'))),
  );

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(handled).toEqual([['evt_1']]);
});
