/** A template, as far as it is read here. */
export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
}

interface Properties {
  readonly MemorySize?: number;
  readonly Environment?: { readonly Variables?: { readonly POWERTOOLS_SERVICE_NAME?: string } };
  readonly Rules?: readonly object[];
  readonly FunctionName?: { readonly Ref?: string };
  readonly EventSourceArn?: { readonly 'Fn::GetAtt'?: readonly string[] };
  readonly BatchSize?: number;
  readonly ParallelizationFactor?: number;
  readonly FilterCriteria?: { readonly Filters?: readonly { readonly Pattern: string }[] };
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly VisibilityTimeout?: number;
  readonly RedrivePolicy?: { readonly maxReceiveCount?: number };
}

/** How Lambda polls the queue of a consumer. */
export interface ConsumerSettings {
  readonly batchSize: number;
  /** Batches in work at once, at most. */
  readonly concurrency: number;
  /** How long a message is hidden that was not done, in seconds. */
  readonly visibilitySeconds: number;
  /** How often a message is received before it is a dead letter. */
  readonly maxReceives: number;
}

/** How Lambda reads the table's stream. */
export interface RelaySettings {
  readonly batchSize: number;
  /** Batches of one shard in work at once. */
  readonly parallelization: number;
}

const MAPPING = 'AWS::Lambda::EventSourceMapping';

/** The consumers of a template: functions that a queue of the same template feeds. */
export function consumersIn({ Resources = {} }: Template): (readonly [string, ConsumerSettings])[] {
  return Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
    const { FunctionName, EventSourceArn, BatchSize = 10, ScalingConfig } = Properties;
    const name =
      Resources[FunctionName?.Ref ?? '']?.Properties?.Environment?.Variables?.POWERTOOLS_SERVICE_NAME;
    const queue = Resources[EventSourceArn?.['Fn::GetAtt']?.[0] ?? ''];
    if (Type !== MAPPING || queue?.Type !== 'AWS::SQS::Queue' || name === undefined) return [];
    const settings = {
      batchSize: BatchSize,
      // What Lambda has when nothing is said: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
      concurrency: ScalingConfig?.MaximumConcurrency ?? 1250,
      visibilitySeconds: queue.Properties?.VisibilityTimeout ?? 30,
      maxReceives: queue.Properties?.RedrivePolicy?.maxReceiveCount ?? Number.POSITIVE_INFINITY,
    };
    return [[name, settings] as const];
  });
}

/** The one reader of the table's stream. @throws Error when there is none */
export function relayIn(templates: readonly Template[]): RelaySettings {
  const { BatchSize = 100, ParallelizationFactor = 1 } = relayMappingIn(templates);
  return { batchSize: BatchSize, parallelization: ParallelizationFactor };
}

/** The patterns of which a stream record matches one when Lambda passes it on to the relay; none when it passes on all. */
export const relayPatternsIn = (templates: readonly Template[]): string[] =>
  (relayMappingIn(templates).FilterCriteria?.Filters ?? []).map(({ Pattern }) => Pattern);

function relayMappingIn(templates: readonly Template[]): Properties {
  const mapping = templates
    .flatMap(({ Resources = {} }) => Object.values(Resources))
    .find(({ Type, Properties = {} }) => Type === MAPPING && !Properties.ScalingConfig);
  if (!mapping) throw new Error('No template has a function that reads a stream: where is the relay?');
  return mapping.Properties ?? {};
}
