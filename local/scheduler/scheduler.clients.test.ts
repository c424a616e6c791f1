import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListTagsForResourceCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGateway } from '../gateway.ts';
import { createIdentities, newAdminKey } from '../identity.ts';
import { openStore, type Store } from '../store.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

const place = { region: 'eu-west-2', accountId: '111122223333' };
const identities = createIdentities({ place, admin: newAdminKey() });
const arnOf = (path: string) => `arn:aws:scheduler:eu-west-2:111122223333:${path}`;

let store: Store;
let scheduler: Scheduler;
let client: SchedulerClient;
const gateway = createGateway({
  identities,
  services: () => ({ json: {}, rest: { scheduler } }),
  committed: () => store.committed(),
  log: console.error,
});
beforeAll(async () => {
  const endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
  const { region } = place;
  client = new SchedulerClient({ endpoint, region, credentials: identities.admin, maxAttempts: 1 });
});
afterAll(() => gateway.close());
beforeEach(() => {
  store = openStore();
  scheduler = createScheduler({ store, place, callTarget() {}, bury() {} });
});
afterEach(() => {
  scheduler.close();
  store.close();
});

const schedule = (more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: 'remind',
  ScheduleExpression: 'rate(5 minutes)',
  FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
  Target: {
    Arn: 'arn:aws:sqs:eu-west-2:111122223333:work',
    RoleArn: 'arn:aws:iam::111122223333:role/scheduler',
    Input: '{"task":"<remind> & more ✓"}',
    RetryPolicy: { MaximumRetryAttempts: 3 },
  },
  ...more,
});
const create = (more?: Partial<CreateScheduleCommandInput>) =>
  client.send(new CreateScheduleCommand(schedule(more)));
const get = (Name: string, GroupName?: string) => client.send(new GetScheduleCommand({ Name, GroupName }));

describe('a client of a schedule', () => {
  test('creates, reads, updates and deletes it', async () => {
    const StartDate = new Date('2030-01-01T08:00:00Z');
    const { ScheduleArn } = await create({ StartDate, ScheduleExpressionTimezone: 'Europe/London' });
    expect(ScheduleArn).toBe(arnOf('schedule/default/remind'));
    const { $metadata, ...created } = await get('remind');
    expect($metadata.httpStatusCode).toBe(200);
    expect(created).toEqual({
      ...schedule({ StartDate, ScheduleExpressionTimezone: 'Europe/London' }),
      Arn: ScheduleArn,
      GroupName: 'default',
      State: 'ENABLED',
      ActionAfterCompletion: 'NONE',
      CreationDate: expect.any(Date),
      LastModificationDate: expect.any(Date),
    });
    expect(Math.abs(Number(created.CreationDate) - Date.now())).toBeLessThan(60_000);

    const changed = schedule({ State: 'DISABLED', Description: 'off' });
    await client.send(new UpdateScheduleCommand(changed));
    const updated = await get('remind');
    expect(updated).toMatchObject({ ...changed, CreationDate: created.CreationDate });
    expect(updated.StartDate).toBeUndefined();

    await client.send(new DeleteScheduleCommand({ Name: 'remind' }));
    await expect(get('remind')).rejects.toThrow(ResourceNotFoundException);
  });

  test('lists by pages, group, prefix and state', async () => {
    await client.send(new CreateScheduleGroupCommand({ Name: 'tasks' }));
    for (const Name of ['a-1', 'a-2', 'b-1']) await create({ Name });
    await create({ Name: 'a-3', GroupName: 'tasks', State: 'DISABLED' });
    const names = async (input: object) => {
      const pages: string[][] = [];
      for await (const { Schedules = [] } of paginateListSchedules({ client, pageSize: 2 }, input)) {
        pages.push(Schedules.map(({ Name = '' }) => Name));
      }
      return pages;
    };

    expect(await names({})).toEqual([
      ['a-1', 'a-2'],
      ['b-1', 'a-3'],
    ]);
    expect(await names({ NamePrefix: 'a-', State: 'ENABLED' })).toEqual([['a-1', 'a-2']]);
    expect(await names({ GroupName: 'tasks' })).toEqual([['a-3']]);
    await expect(names({ GroupName: 'none' })).rejects.toThrow(ResourceNotFoundException);
  });

  test('gets the exceptions of its SDK', async () => {
    await create({ ClientToken: 'first' });
    await expect(create({ ClientToken: 'first' })).resolves.toHaveProperty('ScheduleArn');
    await expect(create({ ClientToken: 'second' })).rejects.toThrow(ConflictException);
    const wrong = create({ Name: 'x', ScheduleExpression: 'at(noon)' });
    await expect(wrong).rejects.toThrow(ValidationException);
    await expect(wrong).rejects.toThrow('at(noon)');
    await expect(client.send(new UpdateScheduleCommand(schedule({ Name: 'x' })))).rejects.toThrow(
      ResourceNotFoundException,
    );
  });
});

describe('a client of a group', () => {
  const team = { Key: 'team', Value: 'crm & more' };
  const ResourceArn = arnOf('schedule-group/tasks');
  const createGroup = (ClientToken: string) =>
    client.send(new CreateScheduleGroupCommand({ Name: 'tasks', ClientToken, Tags: [team] }));
  const tags = async () => (await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;

  test('creates, reads, lists and deletes it with its schedules', async () => {
    expect(await createGroup('first')).toMatchObject({ ScheduleGroupArn: ResourceArn });
    expect(await client.send(new GetScheduleGroupCommand({ Name: 'tasks' }))).toMatchObject({
      Arn: ResourceArn,
      Name: 'tasks',
      State: 'ACTIVE',
      CreationDate: expect.any(Date),
      LastModificationDate: expect.any(Date),
    });
    const { ScheduleGroups } = await client.send(new ListScheduleGroupsCommand({ NamePrefix: 'ta' }));
    expect(ScheduleGroups).toMatchObject([{ Name: 'tasks' }]);

    await create({ GroupName: 'tasks' });
    await client.send(new DeleteScheduleGroupCommand({ Name: 'tasks' }));
    await expect(get('remind', 'tasks')).rejects.toThrow(ResourceNotFoundException);
    await expect(tags()).rejects.toThrow(ResourceNotFoundException);
  });

  test('repeats a creation by its token, and none of another', async () => {
    await createGroup('first');
    expect(await createGroup('first')).toMatchObject({ ScheduleGroupArn: ResourceArn });
    await expect(createGroup('second')).rejects.toThrow(ConflictException);
  });

  test('changes its tags', async () => {
    await createGroup('first');
    const stage = { Key: 'stage', Value: 'test' };
    await client.send(new TagResourceCommand({ ResourceArn, Tags: [stage, { ...team, Value: 'sales' }] }));
    expect(await tags()).toEqual([{ ...team, Value: 'sales' }, stage]);
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team', 'none'] }));
    expect(await tags()).toEqual([stage]);
  });

  test('is refused tags that cannot be', async () => {
    await createGroup('first');
    const tag = (Tags: { Key: string; Value: string }[], arn = ResourceArn) =>
      client.send(new TagResourceCommand({ ResourceArn: arn, Tags }));
    const many = Array.from({ length: 200 }, (_, index) => ({ Key: `k${index}`, Value: 'x' }));
    await expect(tag([{ Key: 'aws:x', Value: 'y' }])).rejects.toThrow(ValidationException);
    await expect(tag(many)).rejects.toThrow('at most 200 tags, not 201');
    await expect(tag([team], arnOf('schedule-group/none'))).rejects.toThrow(ResourceNotFoundException);
    await expect(tag([team], arnOf('schedule/default/remind'))).rejects.toThrow('only groups have tags');
    expect(await tags()).toEqual([team]);
  });

  test('is refused names that cannot be, and the end of the default group', async () => {
    const named = client.send(new CreateScheduleGroupCommand({ Name: 'a b' }));
    await expect(named).rejects.toThrow(ValidationException);
    await expect(client.send(new DeleteScheduleGroupCommand({ Name: 'default' }))).rejects.toThrow(
      ValidationException,
    );
  });
});
