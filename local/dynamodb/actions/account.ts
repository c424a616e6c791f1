import type { Engine } from '../engine.ts';

/** What an account may provision at first (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#default-limits-throughput). */
export function describeLimits(): object {
  return {
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  };
}

/** A day, in minutes. */
const CACHE_PERIOD = 1440;

export function describeEndpoints({ place }: Engine): object {
  return {
    Endpoints: [{ Address: `dynamodb.${place.region}.amazonaws.com`, CachePeriodInMinutes: CACHE_PERIOD }],
  };
}
