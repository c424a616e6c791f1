import { AwsError } from '../aws.ts';
import { checkJson, type InvokeRequest, type InvokeResponse } from './invoke-api.ts';
import type { Mapping } from './sources.ts';
import { mappingIdOf } from './stream-mapping.ts';

/** A stream or a queue that invokes a function. */
export interface EventSource {
  readonly functionArn: string;
  readonly sourceArn: string;
  readonly batchSize: number;
  /** Starts to invoke; after a stop it goes on where it was. */
  readonly start: () => Mapping;
}

export interface EventSources {
  /** Starts a mapping. */
  add(source: EventSource): void;
  /**
   * Answers `GET` (one, or all of a function or source) and `PUT` (`Enabled`) of `/2015-03-31/event-source-mappings/`
   * (https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html); undefined for another path. What
   * was disabled is enabled again at the next start, as the template says.
   */
  handle(request: InvokeRequest): InvokeResponse | undefined;
  /** Ends all mappings; resolves when what they run has ended. */
  stop(): Promise<void>;
}

interface Known extends EventSource {
  readonly id: string;
  changedAt: number;
  mapping: Mapping | undefined;
  stopping: Promise<void> | undefined;
}

export function createEventSources(now: () => number): EventSources {
  const all = new Map<string, Known>();

  function find(id: string): Known {
    const known = all.get(id);
    if (known) return known;
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  }

  function disable(known: Known): void {
    const { mapping } = known;
    if (!mapping) return;
    known.mapping = undefined;
    const stopping = mapping.stop().finally(() => {
      if (known.stopping === stopping) known.stopping = undefined;
    });
    known.stopping = stopping;
  }

  /** What it runs still ends before it starts anew: a stream is read by one at a time. */
  function enable(known: Known): void {
    if (known.mapping) return;
    if (known.stopping) throw inTransition(known);
    known.mapping = known.start();
  }

  function inTransition({ id }: Known): AwsError {
    const message = `The event source mapping ${id} cannot be updated because it is in use: wait until its State is Disabled.`;
    return new AwsError('ResourceInUseException', message, 400);
  }

  function update(id: string, body: Buffer): object {
    const known = find(id);
    const text = body.toString() || '{}';
    checkJson(text);
    const input: unknown = JSON.parse(text);
    const { Enabled, ...others } = (input ?? {}) as Record<string, unknown>;
    const unknown = Object.keys(others).filter((name) => name !== 'UUID');
    if (typeof Enabled !== 'boolean' || unknown.length > 0) {
      throw new AwsError(
        'InvalidParameterValueException',
        `Only Enabled, true or false, can be updated here; the template says the rest. Given: ${JSON.stringify(input)}`,
      );
    }
    known.changedAt = now();
    if (Enabled) enable(known);
    else disable(known);
    return view(known);
  }

  function list(query: URLSearchParams): object {
    const wanted = { functionName: query.get('FunctionName'), sourceArn: query.get('EventSourceArn') };
    const found = [...all.values()].filter(
      ({ functionArn, sourceArn }) =>
        (wanted.functionName === null || isNamed(functionArn, wanted.functionName)) &&
        (wanted.sourceArn === null || wanted.sourceArn === sourceArn),
    );
    return { EventSourceMappings: found.map(view) };
  }

  return {
    add(source) {
      const id = mappingIdOf(source.functionArn, source.sourceArn);
      all.set(id, { ...source, id, changedAt: now(), mapping: source.start(), stopping: undefined });
    },
    handle({ method, url, body }) {
      const { pathname, searchParams } = new URL(url, 'http://lambda');
      const id = /^\/2015-03-31\/event-source-mappings\/([^/]*)\/?$/.exec(pathname)?.[1];
      if (id === undefined || !['GET', 'PUT'].includes(method)) return undefined;
      if (method === 'PUT') return answer(update(id, body), 202);
      return answer(id === '' ? list(searchParams) : view(find(id)), 200);
    },
    async stop() {
      await Promise.all([...all.values()].map(({ mapping, stopping }) => mapping?.stop() ?? stopping));
    },
  };
}

const isNamed = (functionArn: string, nameOrArn: string) =>
  functionArn === nameOrArn || functionArn.split(':')[6] === nameOrArn;

const answer = (value: object, status: number): InvokeResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

function view({ id, functionArn, sourceArn, batchSize, changedAt, mapping, stopping }: Known): object {
  return {
    UUID: id,
    EventSourceArn: sourceArn,
    FunctionArn: functionArn,
    BatchSize: batchSize,
    State: mapping ? 'Enabled' : stopping ? 'Disabling' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    LastModified: changedAt / 1000,
  };
}
