import { type AwsEndpoint, callSqs } from './sqs.ts';

/** What a partner gets: the `detail` of an event on its bus. */
export interface PartnerEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly customerRef: string;
  readonly agreement: { readonly id: string; readonly version: number; readonly purpose: string };
  readonly data: Readonly<Record<string, unknown>>;
}

/** The URL of a partner's queue. */
export async function partnerQueueOf(endpoint: AwsEndpoint, partner: string): Promise<string> {
  const { QueueUrls = [] } = await callSqs(endpoint, 'ListQueues', {});
  const found = QueueUrls.find((url) => url.includes(`partner-${partner}`) && !/dead/i.test(url));
  if (!found) throw new Error(`no queue of ${QueueUrls.join()} is the partner ${partner}'s`);
  return found;
}

/** Reads a partner's queue, as the partner would, until it is stopped. Events are gathered in the order they came. */
export function partnerEvents(endpoint: AwsEndpoint, partner: string) {
  const events: PartnerEvent[] = [];
  const arrivals: number[] = [];
  let stopped = false;
  const reading = (async () => {
    const QueueUrl = await partnerQueueOf(endpoint, partner);
    while (!stopped) {
      const input = { QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await callSqs(endpoint, 'ReceiveMessage', input);
      for (const { Body, ReceiptHandle } of Messages) {
        events.push(JSON.parse(Body).detail);
        arrivals.push(performance.now());
        await callSqs(endpoint, 'DeleteMessage', { QueueUrl, ReceiptHandle });
      }
    }
  })();
  return {
    events: events as readonly PartnerEvent[],
    /** When each came, as `performance.now()` tells. */
    arrivals: arrivals as readonly number[],
    stop: async () => {
      stopped = true;
      await reading;
    },
  };
}
