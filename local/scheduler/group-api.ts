import * as v from 'valibot';
import { nameSchema } from './definition.ts';
import { type Call, conflict, invalid, notFound, page, type Routes, seconds } from './rest.ts';
import type { ScheduleGroup, ScheduleStore } from './schedule-store.ts';
import { tagged, tagList, tagsOf } from './tags.ts';

export interface GroupApiOptions {
  readonly schedules: ScheduleStore;
  readonly groupArn: (name: string) => string;
  /** Hears that schedules were removed. */
  readonly changed: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const creation = v.strictObject({
  Name: nameSchema,
  Tags: v.optional(v.unknown()),
  ClientToken: v.optional(v.string()),
});

/** What `CreateScheduleGroup` and `TagResource` know of groups, which alone have tags. */
export function groupRoutes({ schedules, groupArn, changed, now }: GroupApiOptions): Routes {
  function found(name: string): ScheduleGroup {
    const group = schedules.group(name);
    if (!group) throw notFound('Schedule group', name);
    return group;
  }

  /** The group that an ARN names. */
  function byArn({ name: arn }: Call): ScheduleGroup {
    const name = arn.slice(groupArn('').length);
    if (arn !== groupArn(name))
      throw invalid(`${arn} is not the ARN of a schedule group: only groups have tags.`);
    return found(name);
  }

  function describe({ name, createdAt, modifiedAt }: ScheduleGroup): object {
    return {
      Arn: groupArn(name),
      Name: name,
      State: 'ACTIVE',
      CreationDate: seconds(createdAt),
      LastModificationDate: seconds(modifiedAt),
    };
  }

  return {
    'POST schedule-groups/': ({ name, body }) => {
      const given = v.safeParse(creation, { ...body, Name: name });
      if (!given.success) {
        const [issue] = given.issues;
        throw invalid(`${v.getDotPath(issue) ?? 'The group'} is not valid: ${issue.message}.`);
      }
      const { Tags, ClientToken: clientToken } = given.output;
      const known = schedules.group(name);
      const isRetry = clientToken !== undefined && known?.clientToken === clientToken;
      if (known && !isRetry) throw conflict('Schedule group', name);
      const time = now();
      const tags = tagged({}, tagsOf(Tags));
      if (!known) schedules.putGroup({ name, createdAt: time, modifiedAt: time, tags, clientToken });
      return { ScheduleGroupArn: groupArn(name) };
    },
    'GET schedule-groups/': ({ name }) => describe(found(name)),
    'DELETE schedule-groups/': ({ name }) => {
      found(name);
      if (name === 'default') throw invalid('The default schedule group cannot be deleted.');
      schedules.removeGroup(name);
      changed();
      return {};
    },
    'GET schedule-groups': ({ query }) => {
      const prefix = query.get('NamePrefix') ?? '';
      const all = schedules.groups().filter(({ name }) => name.startsWith(prefix));
      const { items, ...rest } = page(all, ({ name }) => name, query);
      return { ...rest, ScheduleGroups: items.map(describe) };
    },
    'GET tags/': (call) => ({ Tags: tagList(byArn(call).tags) }),
    'POST tags/': (call) => {
      const group = byArn(call);
      const tags = tagged(group.tags, tagsOf(call.body.Tags));
      schedules.putGroup({ ...group, tags, modifiedAt: now() });
      return {};
    },
    'DELETE tags/': (call) => {
      const group = byArn(call);
      const gone = new Set(call.query.getAll('TagKeys'));
      const left = Object.entries(group.tags).filter(([key]) => !gone.has(key));
      schedules.putGroup({ ...group, tags: Object.fromEntries(left), modifiedAt: now() });
      return {};
    },
  };
}
