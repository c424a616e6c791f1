import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError, type Place } from '../aws.ts';
import type { Store } from '../store.ts';
import { openAsyncEvents } from './async-events.ts';
import { openCheckpoints } from './checkpoints.ts';
import { startEnvironment } from './environment.ts';
import type { FunctionDefinition } from './function.ts';
import { createFunctionUrls, type FunctionUrls } from './function-urls.ts';
import { answerError, createInvokeApi, type InvokeRequest, type InvokeResponse } from './invoke-api.ts';
import { logFileOf } from './log-file.ts';
import { createPool, type Pool } from './pool.ts';
import { type QueueMappingDefinition, startQueueMapping } from './queue-mapping.ts';
import { type FunctionError, failed, type Outcome } from './result.ts';
import { type Demand, demandQueue, demandStream, destinationsOf } from './rights.ts';
import type { Backoff, Buckets, Mapping, Queues, Streams } from './sources.ts';
import { type StreamMappingDefinition, startStreamMapping } from './stream-mapping.ts';
import { type Credentials, variablesOf } from './variables.ts';

/** AWS Lambda: functions in worker threads, each environment with variables of its own, and event source mappings. */
export interface Lambda {
  createFunction(definition: FunctionDefinition): void;
  /** Invokes a function and waits; `payload` is what JSON can carry. Throws `ResourceNotFoundException`. */
  invoke(functionArn: string, payload: unknown): Promise<InvokeResult>;
  /** Answers the Invoke API over HTTP; `error` answers an `AwsError` that it threw. */
  handle(request: InvokeRequest): Promise<InvokeResponse>;
  error(error: AwsError): InvokeResponse;
  /** Gives a function an address that anybody may call. Throws `ResourceNotFoundException`. */
  createUrl(functionArn: string): { readonly id: string };
  /** Answers requests to such addresses, `/lambda-url/<id>/`. */
  readonly urls: Pick<FunctionUrls, 'handle'>;
  mapStream(definition: StreamMappingDefinition): void;
  mapQueue(definition: QueueMappingDefinition): void;
  /** Ends all environments of a function at once, as if its processes had died. */
  kill(functionArn: string): Promise<void>;
  /** Set in tests. */
  readonly faults: LambdaFaults;
  /** Ends all event sources, waits up to `graceMilliseconds` (default 5,000) for what runs, then ends that too. */
  close(graceMilliseconds?: number): Promise<void>;
}

export type InvokeResult = { readonly payload: unknown } | { readonly error: FunctionError };

export interface LambdaFaults {
  /** Asked before each invocation: let it be throttled, slow, or its environment die, also when all is done but the answer. */
  beforeInvoke?: (functionName: string) => 'throttle' | 'kill' | 'lose answer' | Death | Delay | undefined;
}

/** When an environment dies: some milliseconds after it was given the event, or when something else happens. */
export type Death = { readonly killAfter: number } | { readonly killWhen: Promise<unknown> };

/** How many milliseconds a function idles before its handler runs; more than its timeout ends it. */
export interface Delay {
  readonly delay: number;
}

export interface LambdaOptions {
  readonly store: Store;
  readonly place: Place;
  readonly credentialsFor: (roleArn: string, sessionName: string) => Credentials;
  /** Variables for every function that lead its SDKs here: `AWS_ENDPOINT_URL` and the like, `NODE_EXTRA_CA_CERTS`. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly streams: Streams;
  readonly queues: Queues;
  readonly buckets: Buckets;
  /** Asks for a right of a function's role and throws an `AwsError` when it has not got it; default: it has all. */
  readonly demand?: Demand;
  /** Whether everybody may call a function at its address; default: everybody may. */
  readonly mayCallUrl?: (functionArn: string) => boolean;
  /** Where each function has its log, `<name>.log`; without it what functions print is lost. */
  readonly logDir?: string;
  /** The most environments of one function at once; default: one for each processor. */
  readonly maxEnvironments?: number;
  /** How long an environment may have nothing to do before it ends; default: one minute. */
  readonly idleMilliseconds?: number;
  /** Waits between tries of a stream's batch or an asynchronous event; default: 200 ms, doubled up to 10 seconds. */
  readonly backoff?: Backoff;
  /** Hears of what keeps an event source from going on; default: standard error. */
  readonly log?: (message: string) => void;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

interface Known {
  readonly definition: FunctionDefinition;
  readonly pool: Pool;
  readonly capacity: number;
}

export function createLambda(options: LambdaOptions): Lambda {
  const { store, place, credentialsFor, endpoints, streams, queues, buckets, logDir } = options;
  const {
    maxEnvironments = availableParallelism(),
    idleMilliseconds = 60_000,
    now = Date.now,
    log = console.error,
    demand = () => {},
    mayCallUrl = () => true,
  } = options;
  const { backoff = { firstMilliseconds: 200, maxMilliseconds: 10_000 } } = options;
  const functions = new Map<string, Known>();
  const mappings: Mapping[] = [];
  const faults: LambdaFaults = {};
  const closing = new AbortController();
  const checkpoints = openCheckpoints(store);
  let environments = 0;

  function environmentOf(definition: FunctionDefinition, logFile: string | undefined) {
    const logStream = `${new Date(now()).toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${++environments}`;
    const credentials = credentialsFor(definition.roleArn, definition.name);
    return startEnvironment({
      definition,
      variables: variablesOf({ definition, credentials, region: place.region, endpoints, logStream }),
      logStream,
      logFile,
    });
  }

  /** By ARN, with or without a qualifier, or by name. */
  function find(nameOrArn: string): Known {
    const name = nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[6] : nameOrArn.split(':')[0];
    const known = functions.get(name ?? '');
    if (known) return known;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${nameOrArn}`, 404);
  }

  async function run(functionArn: string, event: string, requestId?: string): Promise<Outcome> {
    const { definition, pool } = find(functionArn);
    const fault = faults.beforeInvoke?.(definition.name);
    if (fault === 'throttle') return { kind: 'throttled' };
    if (fault === 'lose answer') return pool.invoke(event, { requestId, loseAnswer: true });
    if (typeof fault === 'object' && 'delay' in fault) {
      const limit = definition.timeoutSeconds * 1000;
      await sleep(Math.min(fault.delay, limit), undefined, { signal: closing.signal }).catch(() => {});
      if (fault.delay < limit) return pool.invoke(event, { requestId });
      const message = `Task timed out after ${definition.timeoutSeconds.toFixed(2)} seconds`;
      return failed(requestId ?? randomUUID(), 'Sandbox.Timedout', message);
    }
    const death = fault === 'kill' ? { killAfter: 0 } : fault;
    return pool.invoke(event, { requestId, ...death });
  }

  const urls = createFunctionUrls({ place, invoke: run, mayCall: mayCallUrl, now });
  const asyncEvents = openAsyncEvents({ store, invoke: run, backoff });
  const api = createInvokeApi({
    resolve: (nameOrArn) => find(nameOrArn).definition.arn,
    invoke: run,
    invokeLater: asyncEvents.add,
  });

  return {
    createFunction(definition) {
      const capacity = Math.min(definition.reservedConcurrency ?? maxEnvironments, maxEnvironments);
      const logFile = logDir === undefined ? undefined : logFileOf(logDir, definition.name);
      const start = () => environmentOf(definition, logFile);
      functions.set(definition.name, {
        definition,
        capacity,
        pool: createPool({ start, max: capacity, idleMilliseconds }),
      });
      asyncEvents.resume(definition.arn);
    },
    async invoke(functionArn, payload) {
      const outcome = await run(functionArn, JSON.stringify(payload) ?? 'null');
      if (outcome.kind === 'success') return { payload: JSON.parse(outcome.text) };
      if (outcome.kind === 'error') return { error: outcome.error };
      return { error: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' } };
    },
    handle: api,
    createUrl: (functionArn) => urls.add(find(functionArn).definition.arn),
    urls,
    error: answerError,
    mapStream(definition) {
      const { definition: reader } = find(definition.functionArn);
      demandStream(demand, reader, definition.streamArn);
      const destinations = destinationsOf(demand, reader, { queues, buckets });
      const shared = { store, checkpoints, streams, ...destinations, backoff, log, now };
      mappings.push(startStreamMapping(definition, { ...shared, invoke: run }));
    },
    mapQueue(definition) {
      const { capacity, definition: reader } = find(definition.functionArn);
      demandQueue(demand, reader, definition.queueArn);
      const shared = { store, queues, region: place.region, capacity, backoff, log };
      mappings.push(startQueueMapping(definition, { ...shared, invoke: run }));
    },
    kill: (functionArn) => find(functionArn).pool.kill(),
    faults,
    async close(graceMilliseconds = 5000) {
      const sources = [...mappings.map((mapping) => mapping.stop()), asyncEvents.stop()];
      const grace = new AbortController();
      await Promise.race([
        Promise.all(sources),
        sleep(graceMilliseconds, undefined, { signal: grace.signal }).catch(() => {}),
      ]);
      grace.abort();
      closing.abort();
      await Promise.all([...functions.values()].map(({ pool }) => pool.close()));
      await Promise.all(sources);
    },
  };
}
