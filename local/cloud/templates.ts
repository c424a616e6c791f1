import type { Caller, Place } from '../aws.ts';
import type { Iam } from '../iam/iam.ts';
import type { StackTemplate } from '../template/assembly.ts';
import { type Deployment, deploy } from '../template/deploy.ts';
import { accountOf } from '../template/physical-name.ts';
import { type ApiDefinition, appSyncTypes } from '../template/resources/appsync.ts';
import { cognitoTypes } from '../template/resources/cognito.ts';
import { dynamoDbTypes } from '../template/resources/dynamodb.ts';
import { eventTypes } from '../template/resources/events.ts';
import { inertTypes } from '../template/resources/inert.ts';
import { lambdaTypes } from '../template/resources/lambda.ts';
import { type Policies, policyTypes } from '../template/resources/policies.ts';
import { s3Types } from '../template/resources/s3.ts';
import { schedulerTypes } from '../template/resources/scheduler.ts';
import { sesTypes } from '../template/resources/ses.ts';
import { snsTypes } from '../template/resources/sns.ts';
import { sqsTypes } from '../template/resources/sqs.ts';
import { wafTypes } from '../template/resources/waf.ts';
import { type Admits, createWebAcl } from '../waf/web-acl.ts';
import type { Services } from './services.ts';

/** Where a tenant's stacks stand that leave their region open. */
const DEFAULT_REGION = 'eu-west-1';

/**
 * Where the stacks stand: one account and region for all.
 *
 * @throws when they stand in several.
 */
export function placeOf(stacks: readonly StackTemplate[], tenant: string): Place {
  const places = stacks.map(
    ({ accountId = accountOf(tenant), region = DEFAULT_REGION }) => `${accountId}/${region}`,
  );
  const [place = '', ...others] = new Set(places);
  if (others.length > 0) {
    throw new Error(
      `The stacks stand in ${[place, ...others].join(' and ')}: one local cloud is one account and one region.`,
    );
  }
  const [accountId = '', region = ''] = place.split('/');
  return { accountId, region };
}

export interface TemplatesOptions {
  readonly services: Services;
  readonly place: Place;
  readonly deployer: Caller;
  readonly graphqlUrl: string;
  readonly realtimeUrl: string;
  /** The address of the function URL with this id. */
  readonly functionUrlOf: (id: string) => string;
  readonly iam: Pick<Iam, 'assume'>;
}

/** What the templates of an assembly have become. */
export interface Deployed extends Deployment {
  readonly api: ApiDefinition;
  /** What the web ACL of the API lets pass; everything when undefined. */
  readonly admits: Admits | undefined;
  readonly policies: Policies;
  /** Lets streams and queues invoke their functions, and schedules and unfinished replays run. */
  startMappings(): void;
}

/** Runs what the templates describe on the services. @throws as `deploy` does, and without exactly one API */
export function runTemplates(stacks: readonly StackTemplate[], options: TemplatesOptions): Deployed {
  const { services, place, deployer, graphqlUrl, realtimeUrl, functionUrlOf, iam } = options;
  const appSync = appSyncTypes({ url: graphqlUrl, realtimeUrl });
  const lambda = lambdaTypes({
    lambda: services.lambda,
    urlOf: functionUrlOf,
    assume: (roleArn, functionArn) => {
      iam.assume({ roleArn, session: 'start', service: 'lambda.amazonaws.com', sourceArn: functionArn });
    },
  });
  const { types, policies } = policyTypes();
  const waf = wafTypes();
  const deployment = deploy(
    stacks,
    {
      ...inertTypes,
      ...types,
      ...appSync.types,
      ...waf.types,
      ...lambda.types,
      ...cognitoTypes(services),
      ...dynamoDbTypes({ dynamodb: services.dynamodb, deployer }),
      ...eventTypes(services),
      ...s3Types(services),
      ...schedulerTypes(services),
      ...sesTypes(services),
      ...snsTypes(services),
      ...sqsTypes(services),
    },
    place,
  );
  const [api] = appSync.apis();
  if (!api) throw new Error('The stacks have no AWS::AppSync::GraphQLApi, and so nothing to serve.');
  const startMappings = () => {
    lambda.start();
    services.events.start();
    services.scheduler.start();
  };
  const rules = waf.rulesFor(api.arn);
  const admits = rules.length > 0 ? createWebAcl(rules) : undefined;
  return { ...deployment, api, admits, policies, startMappings };
}
