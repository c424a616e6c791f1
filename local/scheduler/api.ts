import { AwsError } from '../aws.ts';
import type { GatewayRequest, GatewayResponse } from '../gateway/http.ts';
import { type ScheduleDefinition, scheduleOf } from './definition.ts';
import { groupRoutes } from './group-api.ts';
import { type Call, conflict, invalid, notFound, page, type Routes, seconds } from './rest.ts';
import type { Schedule, ScheduleStore } from './schedule-store.ts';

/** The REST API of EventBridge Scheduler. */
export interface SchedulerApi {
  handle(request: Pick<GatewayRequest, 'method' | 'url' | 'body'>): GatewayResponse;
  error(error: AwsError): GatewayResponse;
}

export interface SchedulerApiOptions {
  readonly schedules: ScheduleStore;
  /** Makes or replaces a schedule. */
  readonly put: (definition: ScheduleDefinition, known: Schedule | undefined, deployed: boolean) => Schedule;
  readonly groupArn: (name: string) => string;
  readonly scheduleArn: (definition: Pick<ScheduleDefinition, 'GroupName' | 'Name'>) => string;
  /** Hears that schedules were removed. */
  readonly changed: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

function bodyOf(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>;
  } catch (error) {
    throw invalid(`The body is no JSON: ${(error as Error).message}.`);
  }
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
export function createSchedulerApi(options: SchedulerApiOptions): SchedulerApi {
  const { schedules, put, groupArn, scheduleArn, changed, now } = options;

  function found({ name, query }: Call): Schedule {
    const group = query.get('groupName') ?? 'default';
    const schedule = schedules.get(group, name);
    if (!schedule) throw notFound('Schedule', `${group}/${name}`);
    return schedule;
  }

  /** The definition of a body, whose group exists, and what there is under its name. */
  function given({ name, body }: Call) {
    const definition = scheduleOf({ ...body, Name: name });
    const { GroupName, Name } = definition;
    if (!schedules.group(GroupName)) throw notFound('Schedule group', GroupName);
    return { definition, known: schedules.get(GroupName, Name) };
  }

  function summary({ definition, createdAt, modifiedAt }: Schedule) {
    const { Name, GroupName, State } = definition;
    return {
      Arn: scheduleArn(definition),
      Name,
      GroupName,
      State,
      CreationDate: seconds(createdAt),
      LastModificationDate: seconds(modifiedAt),
    };
  }

  function describe(schedule: Schedule): object {
    const { ClientToken, StartDate, EndDate, ...definition } = schedule.definition;
    return {
      ...definition,
      ...(StartDate !== undefined && { StartDate: seconds(StartDate) }),
      ...(EndDate !== undefined && { EndDate: seconds(EndDate) }),
      ...summary(schedule),
    };
  }

  const routes: Routes = {
    ...groupRoutes({ schedules, groupArn, changed, now }),
    'POST schedules/': (call) => {
      const { definition, known } = given(call);
      const { ClientToken } = definition;
      const isRetry = ClientToken !== undefined && known?.definition.ClientToken === ClientToken;
      if (known && !isRetry) throw conflict('Schedule', call.name);
      if (!known) put(definition, undefined, false);
      return { ScheduleArn: scheduleArn(definition) };
    },
    'PUT schedules/': (call) => {
      const { definition, known } = given(call);
      if (!known) throw notFound('Schedule', `${definition.GroupName}/${call.name}`);
      put(definition, known, known.deployed);
      return { ScheduleArn: scheduleArn(definition) };
    },
    'GET schedules/': (call) => describe(found(call)),
    'DELETE schedules/': (call) => {
      const { GroupName, Name } = found(call).definition;
      schedules.remove(GroupName, Name);
      changed();
      return {};
    },
    'GET schedules': ({ query }) => {
      const prefix = query.get('NamePrefix') ?? '';
      const state = query.get('State');
      const group = query.get('ScheduleGroup') ?? undefined;
      if (group !== undefined && !schedules.group(group)) throw notFound('Schedule group', group);
      const all = schedules
        .list(group)
        .filter(({ definition: { Name, State } }) => Name.startsWith(prefix) && (state ?? State) === State);
      const { items, ...rest } = page(
        all,
        ({ definition }) => `${definition.GroupName}/${definition.Name}`,
        query,
      );
      const withTarget = (schedule: Schedule) => ({
        ...summary(schedule),
        Target: { Arn: schedule.definition.Target.Arn },
      });
      return { ...rest, Schedules: items.map(withTarget) };
    },
  };

  return {
    handle({ method, url, body }) {
      const { pathname, searchParams: query } = new URL(url, 'http://scheduler');
      const [, kind = '', name] = pathname.split('/');
      const id = `${method} ${kind}${name ? '/' : ''}`;
      const route = Object.hasOwn(routes, id) ? routes[id] : undefined;
      if (!route) {
        const message = `The Scheduler API ${method} ${pathname} is not run here.`;
        throw new AwsError('UnknownOperationException', message, 404);
      }
      const answer = route({ name: decodeURIComponent(name ?? ''), query, body: bodyOf(body) });
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(answer),
      };
    },
    error: ({ code, message, status }) => ({
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
      body: JSON.stringify({ Message: message }),
    }),
  };
}
