import { AwsError, type Place } from '../aws.ts';
import { type Backoff, delayAfter } from '../lambda/sources.ts';
import type { MessageAttributes } from '../sqs/message.ts';
import type { Store } from '../store.ts';
import { createSchedulerApi, type SchedulerApi } from './api.ts';
import { type ScheduleDefinition, type ScheduleTarget, scheduleOf } from './definition.ts';
import { compileExpression } from './expression.ts';
import { deadLetterOf, givenUp, type Invocation, inputOf, newInvocation } from './invocation.ts';
import { openInvocationStore } from './invocation-store.ts';
import { openScheduleStore, type Schedule, type ScheduleGroup } from './schedule-store.ts';
import { tagged, tagsOf } from './tags.ts';

/**
 * Amazon EventBridge Scheduler: schedules that call queues, functions, buses and actions of services once or again and
 * again, durable in the store.
 */
export interface Scheduler extends SchedulerApi {
  /** Makes the schedule of a template, or replaces the one of its name. Throws `ValidationException`. */
  deploySchedule(input: Readonly<Record<string, unknown>>): { arn: string };
  /** Makes the group of a template with its tags, as the API takes them, or gives it those. Throws `ValidationException`. */
  deployGroup(
    name: string,
    tags?: unknown,
  ): { arn: string } & Pick<ScheduleGroup, 'createdAt' | 'modifiedAt'>;
  /** Removes what templates no longer have, and lets schedules run until `close`; what fell due meanwhile runs once. */
  start(): void;
  close(): void;
}

/** Gives a run to its target, or throws an `AwsError`; inside of a `store.write`. */
export type CallTarget = (
  target: ScheduleTarget,
  input: string,
  as: { readonly roleArn: string; readonly groupArn: string },
) => void;

export interface SchedulerOptions {
  readonly store: Store;
  readonly place: Place;
  readonly callTarget: CallTarget;
  /** Gives up a run into a queue, or throws an `AwsError`; it is then lost. */
  readonly bury: (
    queueArn: string,
    body: string,
    attributes: MessageAttributes,
    as: { readonly roleArn: string; readonly groupArn: string },
  ) => void;
  /** Waits between tries; default: 200 ms, doubled up to one minute. */
  readonly backoff?: Backoff;
  /** Where in a flexible window a run lies, from 0 to 1; default: anywhere. */
  readonly random?: () => number;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

/** Timers are no longer than this, so that a clock that was set or a machine that slept is noticed. */
const LONGEST_WAIT = 60_000;

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { store, place, callTarget, bury, random = Math.random, now = Date.now } = options;
  const { backoff = { firstMilliseconds: 200, maxMilliseconds: 60_000 } } = options;
  const schedules = openScheduleStore(store, now);
  const invocations = openInvocationStore(store);
  const deployed = new Set<string>();
  const arnOf = (path: string) => `arn:aws:scheduler:${place.region}:${place.accountId}:${path}`;
  const groupArn = (name: string) => arnOf(`schedule-group/${name}`);
  const scheduleArn = ({ GroupName, Name }: Pick<ScheduleDefinition, 'GroupName' | 'Name'>) =>
    arnOf(`schedule/${GroupName}/${Name}`);
  let started = false;
  let timer: NodeJS.Timeout | undefined;

  /** When a schedule is due after a moment; undefined when it never is again. */
  function dueAfter(definition: ScheduleDefinition, createdAt: number, after: number): number | undefined {
    const { ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate, State } = definition;
    if (State === 'DISABLED') return undefined;
    const { next, once } = compileExpression(ScheduleExpression, ScheduleExpressionTimezone);
    const from = once ? after : Math.max(after, (StartDate ?? 0) - 1);
    const at = next(from, StartDate ?? createdAt);
    return at !== undefined && (once || EndDate === undefined || at <= EndDate) ? at : undefined;
  }

  function put(definition: ScheduleDefinition, known: Schedule | undefined, isDeployed: boolean): Schedule {
    const time = now();
    const createdAt = known?.createdAt ?? time;
    const isSame = JSON.stringify(known?.definition) === JSON.stringify(definition);
    // A rate without StartDate begins at once: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    const after = known ? time : time - 1;
    const nextAt = isSame ? known?.nextAt : dueAfter(definition, createdAt, after);
    const schedule = { definition, createdAt, modifiedAt: time, nextAt, deployed: isDeployed };
    schedules.put(schedule);
    wait();
    return schedule;
  }

  function wait(): void {
    clearTimeout(timer);
    if (!started) return;
    const times = [schedules.nextAt(), invocations.nextAt()].flatMap((at) => at ?? []);
    if (times.length === 0) return;
    timer = setTimeout(runDue, Math.min(Math.max(Math.min(...times) - now(), 1), LONGEST_WAIT)).unref();
  }

  /** What was missed runs once, whatever came due in between. All of it is kept with one commit. */
  function runDue(): void {
    const time = now();
    const due = store.write(() => {
      for (const { definition, createdAt, nextAt = time, ...rest } of schedules.due(time)) {
        const { FlexibleTimeWindow: window, Target, GroupName, Name } = definition;
        const within = window.Mode === 'FLEXIBLE' ? window.MaximumWindowInMinutes * 60_000 * random() : 0;
        const arns = [scheduleArn(definition), groupArn(GroupName)] as const;
        invocations.add(newInvocation(...arns, Target, nextAt, time + within), time + within);
        const next = dueAfter(definition, createdAt, time);
        if (next === undefined && definition.ActionAfterCompletion === 'DELETE') {
          schedules.remove(GroupName, Name);
        } else schedules.put({ ...rest, definition, createdAt, nextAt: next });
      }
      return invocations.take(time);
    });
    for (const invocation of due) attempt(invocation);
    wait();
  }

  function attempt(invocation: Invocation): void {
    const { target, groupArn: group } = invocation;
    const as = { roleArn: target.RoleArn, groupArn: group };
    const input = inputOf(invocation, place);
    const error = refusalOf(() => callTarget(target, input, as));
    if (!error) return;
    const reason = givenUp(invocation, error, now());
    const attempts = invocation.attempts + 1;
    const deadLetters = target.DeadLetterConfig?.Arn;
    if (!reason) {
      const dueAt = now() + delayAfter(attempts, backoff);
      store.write(() => invocations.add({ ...invocation, attempts }, dueAt));
    } else if (deadLetters !== undefined) {
      refusalOf(() => bury(deadLetters, input, deadLetterOf(invocation, error, reason), as));
    }
  }

  /** Why something was not done, of which nothing then stays. */
  function refusalOf(change: () => void): AwsError | undefined {
    try {
      store.write(change);
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return error;
      throw error;
    }
  }

  const api = createSchedulerApi({ schedules, put, groupArn, scheduleArn, changed: wait, now });
  return {
    ...api,
    deploySchedule(input) {
      const definition = scheduleOf(input);
      const { GroupName, Name } = definition;
      if (!schedules.group(GroupName)) {
        throw new AwsError('ResourceNotFoundException', `Schedule group ${GroupName} does not exist.`, 404);
      }
      deployed.add(`${GroupName}/${Name}`);
      put(definition, schedules.get(GroupName, Name), true);
      return { arn: scheduleArn(definition) };
    },
    deployGroup(name, given) {
      const time = now();
      const known = schedules.group(name) ?? { name, createdAt: time, modifiedAt: time, tags: {} };
      const tags = tagged({}, tagsOf(given));
      const isSame = JSON.stringify(known.tags) === JSON.stringify(tags);
      const group = { ...known, tags, modifiedAt: isSame ? known.modifiedAt : time };
      schedules.putGroup(group);
      return { arn: groupArn(name), createdAt: group.createdAt, modifiedAt: group.modifiedAt };
    },
    start() {
      for (const { definition, deployed: isDeployed } of schedules.list()) {
        const { GroupName, Name } = definition;
        if (isDeployed && !deployed.has(`${GroupName}/${Name}`)) schedules.remove(GroupName, Name);
      }
      started = true;
      wait();
    },
    close() {
      started = false;
      clearTimeout(timer);
    },
  };
}
