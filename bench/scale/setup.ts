import type { ConsumerSettings, RelaySettings } from '../units/mappings.ts';
import type { Resources } from '../units/resources.ts';
import { type LimitList, limitOf, type ScaleAssumptions } from './limits.ts';

/** A stack, with the limits that its account has. */
export interface Setup {
  readonly name: string;
  readonly appsyncTokens: number;
  readonly lambdaConcurrency: number;
  readonly tableReads: number;
  readonly tableWrites: number;
  readonly partitionReads: number;
  readonly partitionWrites: number;
  readonly putEvents: number;
  readonly eventInvocations: number;
  readonly mails: number;
  /** Messages of a queue that were received and not removed, at most. */
  readonly queueInFlight: number;
  /** Executions that the polling of a queue gains in a second. */
  readonly pollingGain: number;
  readonly consumers: Readonly<Record<string, ConsumerSettings>>;
  readonly relay: RelaySettings;
  /** Whether all that is done concerns one customer, whose facts share a partition: reads of others do not count there. */
  readonly oneCustomer: boolean;
  /** Partitions of the table, and so shards of its stream. */
  readonly shards: number;
  readonly assumptions: ScaleAssumptions;
}

/** The stack as its templates have it, in an account that asked AWS for nothing. */
export function asDeployed(
  list: LimitList,
  { consumers, relay }: Pick<Resources, 'consumers' | 'relay'>,
  assumptions: ScaleAssumptions,
  gigabytes: number,
): Setup {
  const limit = (key: Parameters<typeof limitOf>[1]) => limitOf(list, key);
  return {
    name: 'as deployed',
    appsyncTokens: limit('appsyncTokens'),
    lambdaConcurrency: limit('lambdaConcurrency'),
    tableReads: limit('tableReads'),
    tableWrites: limit('tableWrites'),
    partitionReads: limit('partitionReads'),
    partitionWrites: limit('partitionWrites'),
    putEvents: limit('putEvents'),
    eventInvocations: limit('eventInvocations'),
    mails: limit('mails'),
    queueInFlight: limit('queueInFlight'),
    pollingGain: limit('queuePolling') / 60,
    consumers,
    relay,
    oneCustomer: false,
    shards: Math.ceil(gigabytes / assumptions.gigabytesOfAPartition),
    assumptions,
  };
}

/** The same with all that can be raised: DynamoDB splits the table into as many partitions as its writes need. */
export function asRaised(deployed: Setup): Setup {
  const { consumerConcurrency, parallelization, ...quotas } = deployed.assumptions.raised;
  const consumers = Object.entries(deployed.consumers).map(
    ([name, settings]) => [name, { ...settings, concurrency: consumerConcurrency }] as const,
  );
  return {
    ...deployed,
    ...quotas,
    name: 'raised',
    consumers: Object.fromEntries(consumers),
    relay: { ...deployed.relay, parallelization },
    shards: Math.max(deployed.shards, Math.ceil(quotas.tableWrites / deployed.partitionWrites)),
  };
}

/** The stack as one customer sees it, whose facts share a partition. */
export const ofOneCustomer = (setup: Setup): Setup => ({
  ...setup,
  name: `${setup.name}, one customer`,
  oneCustomer: true,
  tableReads: setup.partitionReads,
  tableWrites: setup.partitionWrites,
  shards: 1,
});
