import type { Setup } from './setup.ts';
import type { Work } from './work.ts';

/** A small stack for tests, with room for everything but what a test makes scarce. */
export const roomy: Setup = {
  name: 'roomy',
  appsyncTokens: 1e6,
  lambdaConcurrency: 1e6,
  tableReads: 1e6,
  tableWrites: 1e6,
  partitionReads: 1e6,
  partitionWrites: 1e6,
  putEvents: 1e6,
  eventInvocations: 1e6,
  mails: 1e6,
  queueInFlight: 120_000,
  pollingGain: 1e6,
  consumers: { scoring: { batchSize: 10, concurrency: 10_000, visibilitySeconds: 180, maxReceives: 5 } },
  relay: { batchSize: 100, parallelization: 1 },
  oneCustomer: false,
  shards: 1000,
  assumptions: {
    customers: 1000,
    contactsPerSecond: 100,
    requestMilliseconds: 50,
    rowMilliseconds: 10,
    putEventsMilliseconds: 20,
    relayMilliseconds: 10,
    batchMilliseconds: { scoring: 100 },
    gigabytesOfAPartition: 10,
    kilobytesOfAContact: 1,
    kilobytesOfAnOrder: 1.5,
    importer: { requestsAtOnce: 10, rowsOfARequest: 100 },
    raised: {
      ...{
        appsyncTokens: 1,
        lambdaConcurrency: 1,
        tableReads: 1,
        tableWrites: 5_000_000,
        eventInvocations: 1,
      },
      ...{ mails: 1, consumerConcurrency: 77, parallelization: 10 },
    },
  },
};

/** A contact that is scored. */
export const contact: Work = {
  name: 'log a contact',
  ...{ requests: 1, answers: 1, records: 3, events: 2, orders: 0, messages: 1, signals: 0, mails: 0 },
  request: { read: 1, write: 2 },
  deliveries: { scoring: 1 },
  units: { scoring: { read: 3, write: 5 } },
};
