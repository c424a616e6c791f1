import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws.ts';
import { type Action, type Input, invalidParameter, optionalInteger, requiredString } from './input.ts';
import type { Messages } from './messages.ts';
import type { Queue, Queues } from './queues.ts';
import type { Wakeups } from './wakeups.ts';

export interface MoveTasksOptions {
  readonly queues: Queues;
  readonly messages: Messages;
  readonly wakeups: Wakeups;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Tasks that bring dead letters back. They live as long as the process: what one leaves unmoved stays where it is. */
export interface MoveTasks {
  readonly actions: Readonly<Record<string, Action>>;
  close(): void;
}

interface MoveTask {
  readonly id: string;
  readonly source: Queue;
  /** Undefined sends each message back to where it came from. */
  readonly destinationArn: string | undefined;
  /** Messages a second; undefined moves all at once. */
  readonly rate: number | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  failure?: string;
  timer?: NodeJS.Timeout;
}

/** How many tasks of a queue are remembered, as `ListMessageMoveTasks` shows them at most. */
const MOST_SHOWN = 10;
/** The most that may be asked for. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
const MOST_A_SECOND = 500;
const BATCH = 1000;

export function createMoveTasks({ queues, messages, wakeups, now }: MoveTasksOptions): MoveTasks {
  const tasks = new Map<string, MoveTask[]>();

  const tasksOf = (queue: Queue) => tasks.get(queue.arn) ?? [];

  function queueByArn(input: Input, name: string): Queue {
    const queue = queues.byArn(requiredString(input, name));
    if (queue) return queue;
    throw notFound(
      `The resource that you specified for the ${name} parameter does not exist: ${input[name]}.`,
    );
  }

  function sourceOf(input: Input): Queue {
    const source = queueByArn(input, 'SourceArn');
    const isDead = queues.all().some(({ settings }) => settings.redrive?.deadLetterTargetArn === source.arn);
    if (isDead) return source;
    throw invalidParameter('SourceArn', source.arn, 'Source queue must be configured as a Dead Letter Queue');
  }

  function destinationOf(input: Input, source: Queue): string | undefined {
    if (input.DestinationArn === undefined) return undefined;
    const { arn } = queueByArn(input, 'DestinationArn');
    if (arn !== source.arn) return arn;
    throw invalidParameter('DestinationArn', source.arn, 'Source and destination must differ');
  }

  /** Moves up to `max` messages. Answers whether there may be more. */
  function move(task: MoveTask, max: number): boolean {
    const { moved, targets, isStuck } = messages.redrive(task.source, max, (from) =>
      queues.byArn(task.destinationArn ?? from ?? ''),
    );
    task.moved += moved;
    for (const queue of targets) wakeups.now(queue.id);
    if (isStuck) {
      task.status = 'FAILED';
      task.failure = 'CouldNotDetermineMessageSource';
    } else if (moved < max) {
      task.status = 'COMPLETED';
    }
    return task.status === 'RUNNING';
  }

  function run(task: MoveTask): void {
    const { rate } = task;
    if (rate === undefined) {
      for (let more = true; more; ) more = move(task, BATCH);
    } else if (move(task, rate)) {
      task.timer = setTimeout(run, 1000, task).unref();
    }
  }

  function startTask(input: Input): object {
    const source = sourceOf(input);
    const destinationArn = destinationOf(input, source);
    const rate = optionalInteger(input, 'MaxNumberOfMessagesPerSecond', 1, MOST_A_SECOND);
    if (tasksOf(source).some(({ status }) => status === 'RUNNING')) {
      throw new AwsError(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const task: MoveTask = {
      id: randomUUID(),
      source,
      destinationArn,
      rate,
      startedAt: now(),
      toMove: messages.counts(source).visible,
      moved: 0,
      status: 'RUNNING',
    };
    tasks.set(source.arn, [task, ...tasksOf(source)].slice(0, MOST_SHOWN));
    run(task);
    return { TaskHandle: handleOf(task) };
  }

  function cancelTask(input: Input): object {
    const handle = requiredString(input, 'TaskHandle');
    const task = [...tasks.values()].flat().find((one) => handleOf(one) === handle);
    if (!task) throw notFound(`The task ${handle} does not exist.`);
    if (task.status !== 'RUNNING') {
      throw new AwsError(
        'UnsupportedOperation',
        `Only active tasks can be cancelled, and it is ${task.status}.`,
      );
    }
    clearTimeout(task.timer);
    task.status = 'CANCELLED';
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  function listTasks(input: Input): object {
    const most = optionalInteger(input, 'MaxResults', 1, MOST_SHOWN) ?? 1;
    return { Results: tasksOf(sourceOf(input)).slice(0, most).map(describe) };
  }

  return {
    actions: {
      StartMessageMoveTask: startTask,
      CancelMessageMoveTask: cancelTask,
      ListMessageMoveTasks: listTasks,
    },
    close() {
      for (const { timer } of [...tasks.values()].flat()) clearTimeout(timer);
    },
  };
}

function handleOf({ id, source }: MoveTask): string {
  return Buffer.from(JSON.stringify({ taskId: id, sourceArn: source.arn })).toString('base64');
}

/** As on AWS, only a task that runs shows its handle. */
function describe(task: MoveTask): object {
  const { source, destinationArn, rate, startedAt, toMove, moved, status, failure } = task;
  return {
    ...(status === 'RUNNING' && { TaskHandle: handleOf(task) }),
    Status: status,
    SourceArn: source.arn,
    ...(destinationArn !== undefined && { DestinationArn: destinationArn }),
    ...(rate !== undefined && { MaxNumberOfMessagesPerSecond: rate }),
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: toMove,
    ...(failure !== undefined && { FailureReason: failure }),
    StartedTimestamp: startedAt,
  };
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
