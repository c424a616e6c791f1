import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../aws.ts';
import { busArn, openStage, type Stage } from './fixture.ts';

const archiveArn = 'arn:aws:events:eu-central-1:000000000000:archive/kept';
const ruleArn = (name: string) => `arn:aws:events:eu-central-1:000000000000:rule/crm/${name}`;
const day = 86_400_000;

let time: number;
let stage: Stage;
let queue: string;
let second: string;

/** The buses, rules and the archive of the tests, as a start of the local cloud makes them. */
function arrange(opened: Stage, more: object = {}): Stage {
  queue = opened.sqs.createQueue('work').arn;
  second = opened.sqs.createQueue('second').arn;
  opened.events.createBus('crm');
  const rule = { busName: 'crm', eventPattern: { source: ['shop'] } };
  opened.events.putRule({ ...rule, name: 'one', targets: [{ id: 'a', arn: queue }] });
  opened.events.putRule({ ...rule, name: 'two', targets: [{ id: 'b', arn: second }] });
  opened.events.putArchive({ name: 'kept', sourceArn: busArn('crm'), ...more });
  return opened;
}

beforeEach(() => {
  time = Date.parse('2026-11-25T12:00:00Z');
  stage = arrange(openStage({ now: () => time }));
});
afterEach(() => {
  stage.events.close();
  stage.sqs.close();
});

const at = (text: string) => Date.parse(text) / 1000;
const put = (Time: number, more: object = {}) => stage.put('crm', { Time, ...more });
const input = (more: object = {}) => ({
  ReplayName: 'again',
  EventSourceArn: archiveArn,
  EventStartTime: at('2026-11-25T10:00:00Z'),
  EventEndTime: at('2026-11-25T11:00:00Z'),
  Destination: { Arn: busArn('crm') },
  ...more,
});
const stateOf = (name = 'again') => stage.call('DescribeReplay', { ReplayName: name }).State;

async function replayed(more: object = {}): Promise<void> {
  const started = stage.call('StartReplay', input(more));
  expect(started).toMatchObject({ State: 'STARTING', ReplayArn: expect.stringMatching(/:replay\/.+$/) });
  const name = (more as { ReplayName?: string }).ReplayName;
  await expect.poll(() => stateOf(name), { interval: 1 }).toBe('COMPLETED');
}

function forgetDeliveries(): void {
  stage.taken(queue);
  stage.taken(second);
}

function codeOf(action: string, request: Record<string, unknown>): string {
  try {
    stage.call(action, request);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('a replay', () => {
  test('brings back the events of its window with the same id and time, by the minute, marked with its name', async () => {
    const times = ['10:30:20', '09:59:59', '10:00:00', '11:00:00', '11:00:01', '10:10:00'];
    for (const each of times) put(at(`2026-11-25T${each}Z`));
    const before = new Map(stage.taken(queue).map((event) => [event.id, event]));
    forgetDeliveries();

    await replayed();

    const back = stage.taken(queue);
    expect(back.map((event) => event.time)).toEqual([
      '2026-11-25T10:00:00Z',
      '2026-11-25T10:10:00Z',
      '2026-11-25T10:30:20Z',
      '2026-11-25T11:00:00Z',
    ]);
    for (const event of back) expect(event).toEqual({ ...before.get(event.id), 'replay-name': 'again' });
    expect(stage.taken(second)).toHaveLength(4);
    expect(stage.call('DescribeReplay', { ReplayName: 'again' })).toEqual({
      ReplayArn: 'arn:aws:events:eu-central-1:000000000000:replay/again',
      ReplayName: 'again',
      EventSourceArn: archiveArn,
      Destination: { Arn: busArn('crm') },
      State: 'COMPLETED',
      EventStartTime: at('2026-11-25T10:00:00Z'),
      EventEndTime: at('2026-11-25T11:00:00Z'),
      ReplayStartTime: time / 1000,
      ReplayEndTime: time / 1000,
      EventLastReplayedTime: at('2026-11-25T11:00:00Z'),
    });
  });

  test('goes to the named rules only', async () => {
    put(at('2026-11-25T10:30:00Z'));
    forgetDeliveries();

    await replayed({ Destination: { Arn: busArn('crm'), FilterArns: [ruleArn('two')] } });

    expect(stage.taken(queue)).toEqual([]);
    expect(stage.taken(second)).toHaveLength(1);
  });

  test('is not archived again, and rules can leave it out', async () => {
    put(at('2026-11-25T10:30:00Z'));
    stage.events.putRule({
      name: 'one',
      busName: 'crm',
      eventPattern: { source: ['shop'], 'replay-name': [{ exists: false }] },
      targets: [{ id: 'a', arn: queue }],
    });
    forgetDeliveries();

    await replayed();

    expect(stage.taken(queue)).toEqual([]);
    expect(stage.taken(second)).toHaveLength(1);
    expect(stage.call('DescribeArchive', { ArchiveName: 'kept' })).toMatchObject({ EventCount: 1 });
  });

  test('that a restart interrupts goes on where it was', async () => {
    for (let index = 0; index < 25; index++) put(at('2026-11-25T10:00:00Z') + index * 60);
    forgetDeliveries();
    stage.call('StartReplay', input());
    // A step of the replay takes one turn of the event loop: so it is seen after the first of three.
    while (stateOf() === 'STARTING') await turn();
    stage.events.close();
    stage.sqs.close();
    expect(stateOf()).toBe('RUNNING');

    stage = arrange(openStage({ now: () => time, store: stage.store }));
    stage.events.start();

    await expect.poll(() => stateOf(), { interval: 1 }).toBe('COMPLETED');
    const ids = stage.taken(queue).map(({ id }) => id);
    expect(ids).toHaveLength(25);
    expect(new Set(ids).size).toBe(25);
  });

  test('fails when a restart comes without its archive, which is then known to be abandoned', async () => {
    put(at('2026-11-25T10:30:00Z'));
    stage.call('StartReplay', input());
    stage.events.close();
    stage.sqs.close();
    expect(stage.events.abandonedArchives()).toEqual([]);

    stage = openStage({ now: () => time, store: stage.store });
    stage.events.createBus('crm');
    stage.events.start();

    await expect.poll(() => stateOf(), { interval: 1 }).toBe('FAILED');
    expect(stage.events.abandonedArchives()).toEqual(['kept']);
  });

  test('can be cancelled while it runs, and then not again', async () => {
    for (let index = 0; index < 25; index++) put(at('2026-11-25T10:00:00Z') + index * 60);
    forgetDeliveries();
    stage.call('StartReplay', input());

    expect(stage.call('CancelReplay', { ReplayName: 'again' })).toMatchObject({ State: 'CANCELLING' });
    await expect.poll(() => stateOf(), { interval: 1 }).toBe('CANCELLED');

    expect(stage.taken(queue)).toEqual([]);
    expect(codeOf('CancelReplay', { ReplayName: 'again' })).toMatch(/^IllegalStatusException/);
    expect(codeOf('CancelReplay', { ReplayName: 'other' })).toMatch(/^ResourceNotFoundException/);
  });

  test.each([
    [{ EventSourceArn: busArn('crm') }, 'ValidationException: Parameter EventSourceArn is not valid'],
    [{ EventSourceArn: `${archiveArn}-2` }, 'ResourceNotFoundException: Archive kept-2 does not exist.'],
    [{ Destination: { Arn: archiveArn } }, 'ValidationException: Parameter Destination.Arn is not valid'],
    [{ Destination: { Arn: busArn('none') } }, 'ResourceNotFoundException: Event bus none does not exist.'],
    [{ Destination: { Arn: busArn('default') } }, 'Cross event bus replay is not permitted'],
    [{ Destination: { Arn: busArn('crm'), FilterArns: [ruleArn('x')] } }, 'is no rule of the event bus'],
    [{ Destination: undefined }, 'Parameter Arn is not valid'],
    [{ EventEndTime: at('2026-11-25T10:00:00Z') }, 'EventStartTime must be before EventEndTime'],
    [{ EventEndTime: undefined }, 'EventEndTime is a required argument'],
    [{ ReplayName: 'no spaces' }, "'no spaces' must be 1 to 64"],
  ])('of %o is refused', (more, message) => {
    expect(codeOf('StartReplay', input(more))).toContain(message);
  });

  test('of a name that there was is refused, and the eleventh at a time', async () => {
    await replayed();
    expect(codeOf('StartReplay', input())).toBe(
      'ResourceAlreadyExistsException: Replay again already exists.',
    );
    for (let index = 0; index < 10; index++) stage.call('StartReplay', input({ ReplayName: `r${index}` }));
    expect(codeOf('StartReplay', input({ ReplayName: 'eleventh' }))).toMatch(/^LimitExceededException/);
  });

  test('is listed by one filter, and forgotten after 90 days', async () => {
    await replayed();
    const names = (filter: object) =>
      (stage.call('ListReplays', { ...filter }).Replays as { ReplayName: string }[]).map(
        ({ ReplayName }) => ReplayName,
      );

    expect(names({})).toEqual(['again']);
    expect(names({ NamePrefix: 'ag' })).toEqual(['again']);
    expect(names({ State: 'RUNNING' })).toEqual([]);
    expect(names({ EventSourceArn: archiveArn })).toEqual(['again']);
    expect(codeOf('ListReplays', { NamePrefix: 'a', State: 'RUNNING' })).toContain('At most one filter');
    time += 91 * day;
    stage.events.start();
    expect(names({})).toEqual([]);
  });
});

describe('an archive', () => {
  test('keeps what its pattern matches, in one row a request and minute', () => {
    arrange(stage, { eventPattern: { 'detail-type': ['placed'] }, retentionDays: 30, description: 'orders' });
    const entry = (DetailType: string) => ({
      EventBusName: 'crm',
      Source: 'shop',
      DetailType,
      Detail: '{"a":"é"}',
      Time: at('2026-11-25T10:00:00Z'),
    });

    stage.call('PutEvents', { Entries: [entry('placed'), entry('paid'), entry('placed')] });

    expect(stage.call('DescribeArchive', { ArchiveName: 'kept' })).toEqual({
      ArchiveArn: archiveArn,
      ArchiveName: 'kept',
      Description: 'orders',
      EventPattern: '{"detail-type":["placed"]}',
      EventSourceArn: busArn('crm'),
      State: 'ENABLED',
      RetentionDays: 30,
      EventCount: 2,
      SizeBytes: expect.any(Number),
      CreationTime: time / 1000,
    });
    expect(stage.store.db.prepare('SELECT count(*) AS n FROM events_archived').get()).toEqual({ n: 1 });
    expect(codeOf('DescribeArchive', { ArchiveName: 'none' })).toContain('Archive none does not exist.');
  });

  test('forgets what is older than its retention', async () => {
    arrange(stage, { retentionDays: 30 });
    put(at('2026-11-25T10:30:00Z'));
    forgetDeliveries();
    time += 31 * day;

    expect(stage.call('ListArchives', {})).toMatchObject({ Archives: [{ EventCount: 0 }] });
    await replayed();
    expect(stage.taken(queue)).toEqual([]);
    stage.events.start();
    expect(stage.store.db.prepare('SELECT count(*) AS n FROM events_archived').get()).toEqual({ n: 0 });
  });

  test('is filled by a rule that EventBridge manages', () => {
    const { Rules } = stage.call('ListRules', { EventBusName: 'crm', NamePrefix: 'Events-Archive' });

    expect(Rules).toMatchObject([
      {
        Name: 'Events-Archive-kept',
        EventPattern: '{"replay-name":[{"exists":false}]}',
        ManagedBy: 'prod.vhs.events.aws.internal',
      },
    ]);
  });

  test('keeps what another bus sent, too', () => {
    stage.events.putRule({
      name: 'on',
      eventPattern: { source: ['shop'] },
      targets: [{ id: 'c', arn: busArn('crm'), roleArn: 'arn:aws:iam::000000000000:role/r' }],
    });

    stage.put('default');

    expect(stage.call('DescribeArchive', { ArchiveName: 'kept' })).toMatchObject({ EventCount: 1 });
  });

  test('keeps nothing of a request that fails', () => {
    stage.sqs.send = () => {
      throw new TypeError('broken');
    };
    expect(() => put(at('2026-11-25T10:30:00Z'))).toThrow('broken');
    expect(stage.call('DescribeArchive', { ArchiveName: 'kept' })).toMatchObject({ EventCount: 0 });
  });

  test('with a bad name, retention, pattern or bus is refused', () => {
    const archive = { name: 'other', sourceArn: busArn('crm') };

    expect(() => stage.events.putArchive({ ...archive, name: 'x'.repeat(49) })).toThrow('1 to 48');
    expect(() => stage.events.putArchive({ ...archive, retentionDays: -1 })).toThrow('RetentionDays');
    expect(() => stage.events.putArchive({ ...archive, eventPattern: { source: 'x' } })).toThrow('not valid');
    expect(() => stage.events.putArchive({ ...archive, sourceArn: busArn('none') })).toThrow(
      'does not exist',
    );
  });
});

test('a replay delivers exactly the archived events of its window', async () => {
  const seconds = fc.integer({ min: 0, max: 3600 });
  const window = fc.tuple(seconds, seconds).filter(([from, to]) => from < to);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(seconds, { minLength: 1, maxLength: 10 })),
      window,
      async (batches, range) => {
        const own = arrange(openStage());
        const wall = at('2026-11-25T10:00:00Z');
        for (const batch of batches) {
          const entries = batch.map((second) => ({
            EventBusName: 'crm',
            Source: 'shop',
            DetailType: 'placed',
            Detail: '{}',
            Time: wall + second,
          }));
          own.call('PutEvents', { Entries: entries });
        }
        const live = own
          .taken(queue)
          .map(({ id, time: when }) => ({ id, when: Date.parse(String(when)) / 1000 }));
        const [from, to] = [wall + range[0], wall + range[1]];

        own.call('StartReplay', input({ EventStartTime: from, EventEndTime: to }));
        const state = () => own.call('DescribeReplay', { ReplayName: 'again' }).State;
        while (state() !== 'COMPLETED') await new Promise(setImmediate);

        const wanted = live.filter(({ when }) => when >= from && when <= to).map(({ id }) => id);
        expect(
          own
            .taken(queue)
            .map(({ id }) => id)
            .toSorted(),
        ).toEqual(wanted.toSorted());
        own.sqs.close();
      },
    ),
    { numRuns: 40 },
  );
});
