import { setup } from '../../test/support/assembly.ts';
import { partnerQueueOf } from '../../test/support/partner.ts';
import { callSqs } from '../../test/support/sqs.ts';
import { type RunningStack, startStack } from '../../test/support/stack.ts';
import { type Api, createApi } from '../../tools/client/api.ts';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { fill } from '../load/fill.ts';
import { untilBusEmpty } from '../queues.ts';
import { addConsumer, consumerQueue } from './consumer.ts';

/** A stack whose customers agree that the carrier hears of them, and with it the firm. */
export interface SharingStack extends RunningStack {
  readonly pid: number;
  /** Of somebody of the help desk: the customers' owner, who is the admin, is told of what others do. */
  readonly token: string;
  readonly customerIds: readonly string[];
  readonly consumerQueueUrl: string;
  readonly partnerQueueUrl: string;
}

const rows = 100;

const recordConsents = `mutation Consent($input: RecordConsentsInput!) {
  recordConsents(input: $input) { results { error { code message } } }
}`;
const createAgreement = `mutation Agree($input: CreateSharingAgreementInput!) {
  createSharingAgreement(input: $input) { id }
}`;

/** Starts a stack as `npm start` does, with one consumer more, on a folder of its own, and fills it. */
export async function startSharing(customers: number): Promise<SharingStack> {
  setup();
  const stack = await startStack({ change: addConsumer });
  try {
    const pid = stack.process.pid as number;
    const { graphqlUrl } = stack.stack;
    const adminToken = await tokenOf(stack, 'admin');
    const size = { customers, interactionsEach: 5, ordersEach: 1 };
    const { customerIds } = await fill(graphqlUrl, adminToken, size);
    await untilBusEmpty(stack.stack, pid, 3_600_000);
    await agree(createApi({ url: graphqlUrl, token: async () => adminToken }), customerIds);
    await untilBusEmpty(stack.stack, pid);
    const token = await tokenOf(stack, 'service');
    const { QueueUrl = '' } = await callSqs(stack.stack, 'GetQueueUrl', { QueueName: consumerQueue });
    const partnerQueueUrl = await partnerQueueOf(stack.stack, 'carrier');
    return { ...stack, pid, token, customerIds, consumerQueueUrl: QueueUrl, partnerQueueUrl };
  } catch (error) {
    await stack.remove();
    throw error;
  }
}

const tokenOf = async ({ stackFile }: RunningStack, user: string): Promise<string> =>
  (await signInAs(readEndpoint(stackFile, user, {})))();

/** @throws Error with the first consent that was refused */
async function agree(api: Api, customerIds: readonly string[]): Promise<void> {
  for (let from = 0; from < customerIds.length; from += rows) {
    const consents = customerIds.slice(from, from + rows).map((customerId) => ({
      customerId,
      purpose: 'SHARING',
      state: 'GRANTED',
      basis: 'CONSENT',
      via: 'IMPORT',
    }));
    const { recordConsents: recorded } = await api<{
      recordConsents: { results: readonly { readonly error: unknown }[] };
    }>(recordConsents, { input: { consents } });
    const refused = recorded.results.find(({ error }) => error);
    if (refused) throw new Error(`a consent was refused: ${JSON.stringify(refused)}`);
  }
  await api(createAgreement, {
    input: {
      partnerId: 'par_carrier',
      purpose: 'know when to deliver',
      events: ['crm.interaction.logged.v1'],
      fields: ['customer.name', 'interaction.channel', 'interaction.subject'],
      validUntil: '2099-01-01T00:00:00Z',
    },
  });
}
