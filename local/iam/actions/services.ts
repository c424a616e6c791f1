import type { ProvidedKeys } from '../catalog.ts';
import { globalKeys } from '../global-keys.ts';
import type { JsonNeeds, RestNeeds } from '../need.ts';
import { cognitoNeeds } from './cognito-idp.ts';
import { dynamoDbNeeds } from './dynamodb.ts';
import { eventsNeeds } from './events.ts';
import { lambdaNeeds } from './lambda.ts';
import { s3Needs } from './s3.ts';
import { schedulerNeeds } from './scheduler.ts';
import { sesNeeds } from './ses.ts';
import { snsNeeds } from './sns.ts';
import { sqsNeeds } from './sqs.ts';

/** What calls need, by the service in their signature. */
export const jsonNeeds: Readonly<Record<string, JsonNeeds>> = {
  dynamodb: dynamoDbNeeds,
  sqs: sqsNeeds,
  events: eventsNeeds,
  'cognito-idp': cognitoNeeds,
};

export const restNeeds: Readonly<Record<string, RestNeeds>> = {
  lambda: lambdaNeeds,
  s3: s3Needs,
  scheduler: schedulerNeeds,
  ses: sesNeeds,
  sns: snsNeeds,
};

const keysByService = Object.entries({ ...jsonNeeds, ...restNeeds }).map(
  ([service, { keys }]) => [service, keys] as const,
);

/** The condition keys that policies may look at. */
export const providedKeys: ProvidedKeys = {
  global: globalKeys,
  services: {
    ...Object.fromEntries(keysByService),
    appsync: [],
    logs: [],
    sts: [],
    iam: ['iam:passedtoservice'],
  },
};
