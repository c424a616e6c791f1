import { isText, membersOf, type Need, type RestNeeds } from '../need.ts';

const ACTIONS: Readonly<Record<string, string>> = {
  'POST schedules/': 'CreateSchedule',
  'PUT schedules/': 'UpdateSchedule',
  'GET schedules/': 'GetSchedule',
  'DELETE schedules/': 'DeleteSchedule',
  'GET schedules': 'ListSchedules',
  'POST schedule-groups/': 'CreateScheduleGroup',
  'GET schedule-groups/': 'GetScheduleGroup',
  'DELETE schedule-groups/': 'DeleteScheduleGroup',
  'GET schedule-groups': 'ListScheduleGroups',
  'POST tags/': 'TagResource',
  'DELETE tags/': 'UntagResource',
  'GET tags/': 'ListTagsForResource',
};

function inputOf(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return membersOf(JSON.parse(body.toString()));
  } catch {
    return {};
  }
}

/** Who makes a schedule hands its role to the service. */
function passRole(input: Readonly<Record<string, unknown>>): Need[] {
  const { RoleArn } = membersOf(input.Target);
  if (!isText(RoleArn)) return [];
  const keys = { 'iam:passedtoservice': () => ['scheduler.amazonaws.com'] };
  return [{ action: 'iam:PassRole', resource: RoleArn, keys }];
}

/**
 * What each call of Scheduler needs:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
export const schedulerNeeds: RestNeeds = {
  keys: [],
  needsOf({ method, url, body }, { place }) {
    const { pathname, searchParams } = new URL(url, 'http://scheduler');
    const [, kind = '', name] = pathname.split('/');
    const action = ACTIONS[`${method} ${kind}${name ? '/' : ''}`];
    const arnOf = (path: string) => `arn:aws:scheduler:${place.region}:${place.accountId}:${path}`;
    if (action === undefined || name === undefined) {
      return [{ action: `scheduler:${action ?? 'GetSchedule'}`, resource: '*' }];
    }
    const decoded = decodeURIComponent(name);
    if (kind === 'tags') return [{ action: `scheduler:${action}`, resource: decoded }];
    if (kind === 'schedule-groups') {
      return [{ action: `scheduler:${action}`, resource: arnOf(`schedule-group/${decoded}`) }];
    }
    const input = inputOf(body);
    const given = isText(input.GroupName) ? input.GroupName : searchParams.get('groupName');
    const resource = arnOf(`schedule/${given ?? 'default'}/${decoded}`);
    return [{ action: `scheduler:${action}`, resource }, ...passRole(input)];
  },
};
