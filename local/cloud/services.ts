import { randomUUID } from 'node:crypto';
import type { Place } from '../aws.ts';
import { type Cognito, createCognito } from '../cognito/cognito.ts';
import { createDynamoDb, type DynamoDb } from '../dynamodb/dynamodb.ts';
import { createEventBridge, type EventBridge } from '../events/events.ts';
import type { FaultHooks } from '../faults/hooks.ts';
import { repeatingStreams, type StreamFaults } from '../faults/streams.ts';
import { functionUrlNeeds } from '../iam/actions/lambda.ts';
import type { Iam } from '../iam/iam.ts';
import { anonymous } from '../iam/principal.ts';
import { demandDelivery, demandForwarding, demandOfFunction, demandOfSchedule } from '../iam/services.ts';
import type { Identities } from '../identity.ts';
import { createLambda, type Lambda } from '../lambda/lambda.ts';
import type { LambdaOptions } from '../lambda/options.ts';
import { type Outbox, openOutbox } from '../outbox/outbox.ts';
import { createS3, type S3 } from '../s3/s3.ts';
import { createScheduler, type Scheduler } from '../scheduler/scheduler.ts';
import type { Forwarding } from '../ses/forwarding.ts';
import { letterTo, messageIdHeader } from '../ses/outgoing.ts';
import { createSes, type Ses } from '../ses/ses.ts';
import { createSns, type Sns } from '../sns/sns.ts';
import { createSqs, type Sqs } from '../sqs/sqs.ts';
import type { Store } from '../store.ts';
import { createLogGroups } from './log-groups.ts';
import { createMutations, type MutationOptions } from './rule-mutations.ts';
import { createCallTarget } from './schedule-targets.ts';

export interface ServicesOptions {
  readonly store: Store;
  readonly place: Place;
  readonly identities: Pick<Identities, 'credentialsFor'>;
  /** Where all AWS APIs are. */
  readonly gatewayUrl: string;
  /** The same, for functions, inside of the process. */
  readonly answerCall: NonNullable<LambdaOptions['answerCall']>;
  readonly logDir: string | undefined;
  readonly observe?: LambdaOptions['observe'];
  readonly echo?: LambdaOptions['echo'];
  /** The GraphQL API, which is there when rules call it. */
  readonly api: MutationOptions['api'];
  /** Gets every mail that leaves, too. */
  readonly forward?: Forwarding['forward'] | undefined;
  readonly iam: Pick<Iam, 'assume' | 'authorize' | 'demand' | 'permits'>;
}

/** The services of one cloud, on one store. */
export interface Services {
  readonly dynamodb: DynamoDb;
  readonly sqs: Sqs;
  readonly events: EventBridge;
  readonly s3: S3;
  readonly ses: Ses;
  readonly sns: Sns;
  readonly cognito: Cognito;
  readonly lambda: Lambda;
  readonly scheduler: Scheduler;
  /** What would have left the firm. */
  readonly outbox: Outbox;
  readonly faults: FaultHooks;
}

export function createServices(options: ServicesOptions): Services {
  const { store, place, identities, gatewayUrl, logDir, forward, iam } = options;
  const outbox = openOutbox({ store });
  const dynamodb = createDynamoDb({ store, place });
  const sqs = createSqs({ store, place, endpoint: gatewayUrl });
  const s3 = createS3({ store, region: place.region });
  const logGroups = createLogGroups(logDir);
  const events = createEventBridge({
    store,
    place,
    deliver(targetArn, body, { ruleArn, attributes }) {
      demandDelivery(iam, ruleArn, targetArn);
      const [, , service] = targetArn.split(':');
      if (service === 'lambda') lambda.invokeLater(targetArn, body);
      else if (service === 'logs') logGroups.write(targetArn, body);
      else sqs.send(targetArn, body, attributes ? { attributes } : {});
    },
    mayForward: (busName, event, as) => demandForwarding(iam, place, busName, event, as),
    callApi: createMutations({ place, iam, api: options.api }),
  });
  const ses = createSes({ store, place, outbox, events, forward });
  const sns = createSns({ place, outbox });
  const cognito = createCognito({
    store,
    place,
    deliver({ to, ...mail }) {
      const messageId = randomUUID();
      outbox.add({ ...mail, kind: 'EMAIL', service: 'cognito', to: [to], headers: {}, tags: {}, messageId });
      forward?.(letterTo(to, mail, messageIdHeader(messageId, place.region)));
    },
  });
  const streams: StreamFaults = {};
  const lambda = createLambda({
    store,
    place,
    credentialsFor: identities.credentialsFor,
    endpoints: { AWS_ENDPOINT_URL: gatewayUrl },
    answerCall: options.answerCall,
    streams: repeatingStreams(dynamodb, streams),
    queues: sqs,
    buckets: s3,
    buses: events,
    demand: (definition, action, resource) => demandOfFunction(iam, definition, action, resource),
    mayCallUrl: (functionArn) => functionUrlNeeds(functionArn).every((need) => iam.permits(anonymous, need)),
    ...(logDir !== undefined && { logDir }),
    ...(options.observe && { observe: options.observe }),
    ...(options.echo && { echo: options.echo }),
  });
  const scheduler = createScheduler({
    store,
    place,
    callTarget: createCallTarget({ place, iam, dynamodb, sqs, events, lambda }),
    bury(queueArn, body, attributes, as) {
      demandOfSchedule(iam, as, 'sqs:SendMessage', queueArn);
      sqs.send(queueArn, body, { attributes });
    },
  });
  const faults: FaultHooks = {
    functions: lambda.faults,
    queues: sqs.faults,
    mail: ses.faults,
    tables: {},
    bus: {},
    streams,
  };
  return { dynamodb, sqs, events, s3, ses, sns, cognito, lambda, scheduler, outbox, faults };
}
