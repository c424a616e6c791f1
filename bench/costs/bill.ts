import type { Resources } from '../units/resources.ts';
import type { Usage } from '../units/usage.ts';
import type { Assumptions } from './assumptions.ts';
import type { Quantities } from './prices.ts';

const KB_OF_A_GB = 1024 * 1024;

/** What the reckoning of a bill needs beside what was counted. */
export interface Terms {
  readonly assumptions: Assumptions;
  readonly memory: Resources['memory'];
}

/** What is paid for a request as such, whatever it asks. */
export const quantitiesOfRequest = ({ assumptions }: Pick<Terms, 'assumptions'>): Quantities => ({
  'appsync.operation': 1,
  'waf.request': 1,
  'transfer.out': assumptions.kilobytesOfAnAnswer / KB_OF_A_GB,
});

/**
 * What is paid for what was used.
 *
 * @param batch how many deliveries share an invocation; requests share none
 */
export function quantitiesOf(usage: Usage, { assumptions, memory }: Terms, batch: number): Quantities {
  const { kilobytesOfLogsPerInvocation, kilobytesOfAnEvent, shareOfRequestsTraced } = assumptions;
  const invocations = Object.values(usage.deliveries).reduce((sum, amount) => sum + amount, 0) / batch;
  const events = usage.published + usage.shared;
  return {
    'dynamodb.read': usage.readUnits,
    'dynamodb.write': usage.writeUnits,
    'lambda.request': invocations,
    'lambda.gbSecond': gbSecondsOf(usage.deliveries, { assumptions, memory }) / batch,
    'logs.ingested': (invocations * kilobytesOfLogsPerInvocation) / KB_OF_A_GB,
    'xray.trace': invocations * shareOfRequestsTraced,
    'events.published': events,
    'events.archived': (events * kilobytesOfAnEvent) / KB_OF_A_GB,
    'events.kept': (events * kilobytesOfAnEvent) / KB_OF_A_GB,
    // One request to send a message; one to receive a batch, and one to remove it.
    'sqs.request': usage.messages * (1 + 2 / batch),
    'appsync.operation': usage.signals,
    'waf.request': usage.signals,
    'appsync.update': usage.signals * assumptions.listenersOfACustomer,
    'ses.mail': usage.mails,
  };
}

function gbSecondsOf(deliveries: Usage['deliveries'], { assumptions, memory }: Terms): number {
  const { billedMilliseconds } = assumptions;
  return Object.entries(deliveries).reduce((sum, [name, amount]) => {
    const megabytes = memory[name];
    if (megabytes === undefined)
      throw new Error(`No template has a function ${name}: measure the units again.`);
    const milliseconds = billedMilliseconds[name] ?? billedMilliseconds.default;
    return sum + amount * (megabytes / 1024) * (milliseconds / 1000);
  }, 0);
}
