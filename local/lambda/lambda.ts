import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../aws.ts';
import { demandDestinations, tellDestinations } from './async-destinations.ts';
import { openAsyncEvents } from './async-events.ts';
import { type AsyncConfig, type AsyncSettings, asyncSettings } from './async-settings.ts';
import { openCheckpoints } from './checkpoints.ts';
import { startEnvironment } from './environment.ts';
import { createEventSources } from './event-sources.ts';
import type { FunctionDefinition } from './function.ts';
import { createFunctionUrls, type FunctionUrls } from './function-urls.ts';
import {
  answerError,
  checkJson,
  createInvokeApi,
  type InvokeRequest,
  type InvokeResponse,
} from './invoke-api.ts';
import { logFileOf } from './log-file.ts';
import type { LambdaFaults, LambdaOptions } from './options.ts';
import { createPool, type Pool } from './pool.ts';
import { type QueueMappingDefinition, startQueueMapping } from './queue-mapping.ts';
import { type FunctionError, failed, type Outcome } from './result.ts';
import { checkQueueMapping, demandQueue, demandStream, destinationsOf } from './rights.ts';
import type { Buses } from './sources.ts';
import { createStatistics, type FunctionStatistics } from './statistics.ts';
import { type StreamMappingDefinition, startStreamMapping } from './stream-mapping.ts';
import { variablesOf } from './variables.ts';

/** AWS Lambda: functions in worker threads, each environment with variables of its own, and event source mappings. */
export interface Lambda {
  /** Throws `InvalidParameterValueException`, here and below, for what cannot be deployed or run here. */
  createFunction(definition: FunctionDefinition): void;
  /** How a function's asynchronous events are tried, in place of what was said before. */
  configureAsync(functionArn: string, config: AsyncConfig): void;
  /** Checks what functions need for their destinations, and invokes what the last process left. Call it once. */
  start(): void;
  /** Invokes a function and waits; `payload` is what JSON can carry. Throws `ResourceNotFoundException`. */
  invoke(functionArn: string, payload: unknown): Promise<InvokeResult>;
  /** Keeps an event, JSON text, for a function inside of the `store.write` that surrounds the call. */
  invokeLater(functionArn: string, event: string): void;
  /** Answers the Invoke API and that of event source mappings; `error` answers an `AwsError` that it threw. */
  handle(request: InvokeRequest): Promise<InvokeResponse>;
  error(error: AwsError): InvokeResponse;
  /** Gives a function an address that anybody may call. Throws `ResourceNotFoundException`. */
  createUrl(functionArn: string): { readonly id: string };
  /** Answers requests to such addresses, `/lambda-url/<id>/`. */
  readonly urls: Pick<FunctionUrls, 'handle'>;
  mapStream(definition: StreamMappingDefinition): void;
  mapQueue(definition: QueueMappingDefinition): void;
  /** All functions, in the order in which they were made. */
  functions(): readonly FunctionDefinition[];
  /** Runs what comes from now on from another folder; what runs ends as it was. */
  replaceCode(functionArn: string, assetDir: string): void;
  /** What was measured of each function. */
  statistics(): readonly FunctionStatistics[];
  /** Ends all environments of a function at once, as if its processes had died. */
  kill(functionArn: string): Promise<void>;
  /** Set in tests. */
  readonly faults: LambdaFaults;
  /** Ends all event sources, waits up to `graceMilliseconds` (default 5,000) for what runs, then ends that too. */
  close(graceMilliseconds?: number): Promise<void>;
}

export type InvokeResult = { readonly payload: unknown } | { readonly error: FunctionError };

interface Known {
  readonly definition: FunctionDefinition;
  readonly settings: AsyncSettings;
  readonly pool: Pool;
  readonly capacity: number;
}

export function createLambda(options: LambdaOptions): Lambda {
  const { store, place, credentialsFor, endpoints, streams, queues, buckets, logDir, answerCall } = options;
  const {
    maxEnvironments = availableParallelism(),
    idleMilliseconds = 60_000,
    collectMilliseconds = 10_000,
    now = Date.now,
    log = console.error,
    observe,
    echo,
    buses = noBuses,
    demand = () => {},
    mayCallUrl = () => true,
  } = options;
  const { backoff = { firstMilliseconds: 200, maxMilliseconds: 10_000 } } = options;
  const functions = new Map<string, Known>();
  const sources = createEventSources(now);
  const faults: LambdaFaults = {};
  const statistics = createStatistics();
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
      ...(echo && { echo: (text: string) => echo(definition.name, text) }),
      answerCall,
      collectMilliseconds,
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
    const outcome = await withFault(definition, pool, event, requestId);
    if (outcome.kind === 'throttled') statistics.throttled(definition.name);
    return outcome;
  }

  async function withFault(
    definition: FunctionDefinition,
    pool: Pool,
    event: string,
    requestId?: string,
  ): Promise<Outcome> {
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
  const asyncEvents = openAsyncEvents({
    store,
    invoke: run,
    settingsOf: (functionArn) => find(functionArn).settings,
    settled(event) {
      const { settings, definition } = find(event.functionArn);
      tellDestinations(event, settings, definition, { queues, buckets, buses, invokeLater, demand, log });
    },
    backoff,
    log,
    now,
  });
  const api = createInvokeApi({
    resolve: (nameOrArn) => find(nameOrArn).definition.arn,
    invoke: run,
    invokeLater,
  });

  /** A function that there is not is refused now, and not when its event is tried; so is what is no JSON. */
  function invokeLater(functionArn: string, event: string): void {
    checkJson(event);
    asyncEvents.add(find(functionArn).definition.arn, event);
  }

  return {
    createFunction(definition) {
      const { name, reservedConcurrency } = definition;
      const capacity = Math.min(reservedConcurrency ?? maxEnvironments, maxEnvironments);
      const logFile = logDir === undefined ? undefined : logFileOf(logDir, name);
      const pool = createPool({
        start: () => environmentOf(find(name).definition, logFile),
        max: capacity,
        concurrency: reservedConcurrency,
        observe(invocation) {
          statistics.invoked(name, invocation);
          observe?.(name, invocation);
        },
        idleMilliseconds,
      });
      functions.set(name, { definition, settings: asyncSettings({}, definition), capacity, pool });
    },
    configureAsync(functionArn, config) {
      const known = find(functionArn);
      const settings = asyncSettings(config, known.definition);
      functions.set(known.definition.name, { ...known, settings });
    },
    start() {
      for (const { definition, settings } of functions.values()) {
        demandDestinations(demand, definition, settings);
        asyncEvents.resume(definition.arn);
      }
    },
    invokeLater,
    functions: () => [...functions.values()].map(({ definition }) => definition),
    replaceCode(functionArn, assetDir) {
      const known = find(functionArn);
      functions.set(known.definition.name, { ...known, definition: { ...known.definition, assetDir } });
      known.pool.renew();
    },
    statistics: () => [...functions.keys()].map(statistics.of),
    async invoke(functionArn, payload) {
      const outcome = await run(functionArn, JSON.stringify(payload) ?? 'null');
      if (outcome.kind === 'success') return { payload: JSON.parse(outcome.text) };
      if (outcome.kind === 'error') return { error: outcome.error };
      return { error: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' } };
    },
    handle: async (request) => sources.handle(request) ?? api(request),
    createUrl: (functionArn) => urls.add(find(functionArn).definition.arn),
    urls,
    error: answerError,
    mapStream(definition) {
      const { definition: reader } = find(definition.functionArn);
      demandStream(demand, reader, definition.streamArn);
      const destinations = destinationsOf(demand, reader, { queues, buckets });
      const shared = { store, checkpoints, streams, ...destinations, backoff, log, now, invoke: run };
      const { functionArn, streamArn: sourceArn, batchSize = 100 } = definition;
      sources.add({
        functionArn,
        sourceArn,
        batchSize,
        start: () => startStreamMapping(definition, shared),
      });
    },
    mapQueue(definition) {
      const { capacity, definition: reader } = find(definition.functionArn);
      demandQueue(demand, reader, definition.queueArn);
      const visibilitySeconds = queues.visibilitySeconds(definition.queueArn);
      checkQueueMapping(reader, visibilitySeconds, definition.maximumConcurrency);
      const shared = { store, queues, region: place.region, capacity, backoff, log, invoke: run };
      const { functionArn, queueArn: sourceArn, batchSize = 10 } = definition;
      sources.add({
        functionArn,
        sourceArn,
        batchSize,
        start: () => startQueueMapping(definition, shared),
      });
    },
    kill: (functionArn) => find(functionArn).pool.kill(),
    faults,
    async close(graceMilliseconds = 5000) {
      const ended = Promise.all([sources.stop(), asyncEvents.stop()]);
      const grace = new AbortController();
      await Promise.race([
        ended,
        sleep(graceMilliseconds, undefined, { signal: grace.signal }).catch(() => {}),
      ]);
      grace.abort();
      closing.abort();
      await Promise.all([...functions.values()].map(({ pool }) => pool.close()));
      await ended;
    },
  };
}

const noBuses: Buses = {
  put(busArn) {
    throw new AwsError('ResourceNotFoundException', `Event bus ${busArn} does not exist.`);
  },
};
