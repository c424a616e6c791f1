import { join } from 'node:path';
import { createAppSync } from './appsync/appsync.ts';
import { createCarrier } from './cloud/carrier.ts';
import {
  addUsers,
  demoUsersFor,
  groupsOf,
  hasUsers,
  type UserPoolAccess,
  usernamesOf,
} from './cloud/demo-users.ts';
import { countsOf, outputsOf } from './cloud/deployed.ts';
import { leftoversOf } from './cloud/leftovers.ts';
import {
  API_PATH,
  FUNCTION_URL_PATH,
  MAIL_PATH,
  type PublicServices,
  publicListeners,
  REALTIME_PATH,
} from './cloud/public.ts';
import { type DemoUser, readSecrets, type Secrets, writeSecrets } from './cloud/secrets.ts';
import { createServices, type ServicesOptions } from './cloud/services.ts';
import { placeOf, runTemplates } from './cloud/templates.ts';
import type { EventBridge } from './events/events.ts';
import { faultyBus } from './faults/bus.ts';
import { createFaults, type Faults } from './faults/faults.ts';
import { faultsService, LOCAL_SERVICE } from './faults/http.ts';
import type { FaultPlan } from './faults/plan.ts';
import { faultyTables } from './faults/tables.ts';
import { callerOf } from './gateway/caller.ts';
import { type HeardCall, heardServices } from './gateway/heard.ts';
import { jsonServices, sts } from './gateway/services.ts';
import { createGateway, type GatewayServices } from './gateway.ts';
import type { Decision } from './iam/access.ts';
import { smtpNeeds } from './iam/actions/ses.ts';
import { createIam } from './iam/iam.ts';
import { demandInvocation } from './iam/services.ts';
import { createIdentities } from './identity.ts';
import type { Lambda } from './lambda/lambda.ts';
import type { FunctionStatistics } from './lambda/statistics.ts';
import { createMailbox } from './outbox/http.ts';
import { listenOnNextFree, listenOnPair } from './ports.ts';
import { createForwarding, type MailServer } from './ses/forwarding.ts';
import { createSmtp } from './ses/smtp.ts';
import { smtpPasswordOf } from './ses/smtp-password.ts';
import { openStore } from './store.ts';
import { loadAssembly } from './template/assembly.ts';
import type { Deployment } from './template/deploy.ts';
import { endpointArnOf } from './template/resources/appsync.ts';
import type { Policies } from './template/resources/policies.ts';
import { certificateIn, createDualServer } from './tls.ts';

export interface CloudOptions {
  /** A CDK cloud assembly. */
  readonly assemblyDir: string;
  /** Where the tenant has a folder of its own for what must survive; undefined keeps nothing. */
  readonly dataDir: string | undefined;
  /** Where the certificate for `wss` lies. */
  readonly certificateDir: string;
  /** Where functions log; undefined loses what they print. */
  readonly logDir: string | undefined;
  /** The public port; the AWS APIs are on the next one. 0 takes a free pair. */
  readonly port: number;
  /** From where on the port of SES's SMTP interface is looked for; default: behind the two. */
  readonly smtpPort?: number;
  /** The mail server on this machine that gets every mail, too. */
  readonly forwardMail?: MailServer | undefined;
  readonly tenant: string;
  readonly log: (message: string) => void;
  /** Hears of every invocation of a function. */
  readonly observe?: ServicesOptions['observe'];
  /** Hears of what functions log, beside their files. */
  readonly echo?: ServicesOptions['echo'];
  /** Hears of everything that IAM decides. */
  readonly record?: (decision: Decision) => void;
  /** Hears of every call of DynamoDB, SQS, EventBridge and Cognito over HTTP that was answered. */
  readonly hear?: (call: HeardCall) => void;
  /** What goes wrong from the start. */
  readonly faultPlan?: FaultPlan | undefined;
}

/** Where everything is: what `stack.json` holds, with the outputs of the stacks. */
export interface StackInfo extends Readonly<Record<string, unknown>> {
  readonly tenant: string;
  readonly region: string;
  readonly cognitoUrl: string;
  readonly awsEndpointUrl: string;
  /** What would have left the firm, as JSON. */
  readonly mailUrl: string;
  /** SES's SMTP interface; its user is the administrator's access key. */
  readonly smtpUrl: string;
  readonly smtpPassword: string;
  readonly caFile: string;
  readonly adminAccessKeyId: string;
  readonly adminSecretAccessKey: string;
  readonly users: readonly DemoUser[];
}

export interface Cloud {
  readonly stack: StackInfo;
  /** How many resources of each type there are. */
  readonly runs: ReadonlyMap<string, number>;
  /** What the templates have that does nothing here. */
  readonly inert: Deployment['inert'];
  /** The rights that the templates give. */
  readonly policies: Policies;
  /** The functions, and how to run others in their place. */
  readonly code: Pick<Lambda, 'functions' | 'replaceCode'>;
  /** What was measured of each function since the start: its invocations, errors and cold starts. */
  functions(): readonly FunctionStatistics[];
  /** What goes wrong on demand. */
  readonly faults: Faults & { readonly events: EventBridge['faults'] };
  /** Runs all schedules at once as if each were due at a moment: tests do not wait for it. */
  runSchedules(at: Date): void;
  /** Ends what runs, answers nobody any more, and leaves the data folder complete. */
  stop(): Promise<void>;
}

/** What a plan of faults may name. */
function namesIn(resources: Deployment['resources']) {
  const refs = (type: string) => resources.filter((one) => one.type === type).map(({ ref }) => ref);
  const queues = refs('AWS::SQS::Queue').map((url) => url.slice(url.lastIndexOf('/') + 1));
  return { functions: refs('AWS::Lambda::Function'), queues };
}

/** Makes the demo users of a pool that has none but those of its template, and gives those whose passwords are known. */
async function demoUsers(access: UserPoolAccess, file: string | undefined, secrets: Secrets, tenant: string) {
  if (await hasUsers(access)) return secrets.users;
  const users = demoUsersFor(await groupsOf(access), await usernamesOf(access));
  // The passwords first: users without them would be of no use after a crash in between.
  writeSecrets(file, { ...secrets, users });
  await addUsers(access, users, `${tenant}.example`);
  return users;
}

/**
 * Starts a local cloud: reads the assembly, opens the data, serves GraphQL, its socket and sign-in on the port and all
 * AWS APIs on the next one. When it resolves, everything answers.
 *
 * @throws PortBusyError, and whatever is wrong with the assembly or the data folder; nothing is left running then.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  await using running = new AsyncDisposableStack();
  const { tenant, log } = options;
  const stacks = loadAssembly(options.assemblyDir);
  const place = placeOf(stacks, tenant);
  const folder = options.dataDir === undefined ? undefined : join(options.dataDir, tenant);
  const secretsFile = folder && join(folder, 'secrets.json');
  const secrets = readSecrets(secretsFile);
  writeSecrets(secretsFile, secrets);
  const identities = createIdentities({ place, admin: secrets.admin });
  const admin = identities.adminCaller;

  const store = openStore(folder && join(folder, 'cloud.sqlite'), log);
  running.defer(() => store.close());

  let publicServices: PublicServices | undefined;
  let gatewayServices: GatewayServices | undefined;
  const certificate = await certificateIn(options.certificateDir);
  const { onRequest, onUpgrade } = publicListeners(() => publicServices, log);
  const publicServer = createDualServer(certificate, onRequest, onUpgrade);
  const gateway = createGateway({
    region: place.region,
    identities,
    services: () => gatewayServices,
    committed: store.committed,
    authorize: (caller, call) => iam.authorize(caller, call),
    log,
  });
  const port = await listenOnPair(publicServer, gateway, options.port);
  running.defer(() => gateway.close());
  running.defer(() => publicServer.close());

  const publicUrl = `http://127.0.0.1:${port}`;
  const gatewayUrl = `http://127.0.0.1:${port + 1}`;
  const graphqlUrl = `${publicUrl}${API_PATH}`;
  const realtimeUrl = `ws://127.0.0.1:${port}${REALTIME_PATH}`;
  const iam = createIam({
    place,
    facts: {
      partitionKeyOf: (table, index) => services.dynamodb.partitionKeyOf(table, index),
      senderOf: (sender) => services.ses.identityOf(sender),
    },
    record: options.record,
  });
  const forwarding = options.forwardMail && createForwarding(options.forwardMail, log);
  running.defer(() => forwarding?.close());
  const services = createServices({
    store,
    place,
    identities,
    gatewayUrl,
    answerCall: createCarrier({ gatewayUrl, graphqlUrl, gateway, api: () => publicServices?.api }),
    logDir: options.logDir,
    ...(options.observe && { observe: options.observe }),
    ...(options.echo && { echo: options.echo }),
    api: () => ({ endpointArn: endpointArnOf(deployed.api), run: api.run }),
    forward: forwarding?.forward,
    iam,
  });
  running.defer(() => services.sqs.close());
  running.defer(() => services.ses.close());
  running.defer(() => services.dynamodb.close());
  running.defer(() => services.events.close());
  running.defer(() => services.scheduler.close());

  const deployed = runTemplates(stacks, {
    services,
    place,
    deployer: admin,
    graphqlUrl,
    realtimeUrl,
    functionUrlOf: (id) => `${publicUrl}${FUNCTION_URL_PATH}${id}/`,
    iam,
  });
  await iam.enforce(deployed.policies);
  const api = createAppSync({
    ...deployed.api,
    ...(deployed.admits && { admits: deployed.admits }),
    invoke(functionArn, payload, roleArn = '') {
      demandInvocation(iam, deployed.api.arn, roleArn, functionArn);
      return services.lambda.invoke(functionArn, payload);
    },
    allows: (caller, action, resource) => iam.permitsCaller(caller, { action, resource }),
    verifyToken: services.cognito.verify,
    verifySignature: (request) =>
      callerOf(request, identities, { service: 'appsync', region: place.region }).caller,
    log: (entry) => {
      if ('message' in entry) log(entry.message);
    },
  });
  running.defer(() => api.close());
  running.defer(() => services.lambda.close());

  const outputs = outputsOf(deployed);
  const poolId = outputs.userPoolId;
  const users =
    typeof poolId === 'string'
      ? await demoUsers({ ...services, store, admin, poolId }, secretsFile, secrets, tenant)
      : [];
  await store.committed();
  const leftovers = leftoversOf(deployed.resources, services, admin);
  if (leftovers.length > 0) {
    log(`The data folder also holds what no stack has any more, and nothing reads: ${leftovers.join(', ')}.`);
  }

  const { lambda, s3, scheduler, ses, sns } = services;
  const faults = createFaults({ hooks: services.faults, names: () => namesIn(deployed.resources) });
  if (options.faultPlan) faults.set(options.faultPlan);
  const { tables, bus } = services.faults;
  const json = jsonServices({
    ...services,
    dynamodb: { ...services.dynamodb, call: faultyTables(services.dynamodb.callForJson, tables, admin) },
    events: { call: faultyBus(services.events.call, bus, admin) },
  });
  gatewayServices = {
    json: options.hear ? heardServices(json, options.hear) : json,
    rest: { lambda, s3, scheduler, ses, sns, sts, [LOCAL_SERVICE]: faultsService(faults, admin.accessKeyId) },
  };
  const mail = createMailbox({ outbox: services.outbox, committed: store.committed });
  publicServices = { api, mail, functionUrls: lambda.urls, signIn: services.cognito };
  const smtp = createSmtp({
    certificate,
    region: place.region,
    identities,
    ses,
    authorize: (caller, mail) =>
      iam.authorize(caller, { service: 'ses', needs: (facts) => smtpNeeds(mail, facts) }),
    committed: store.committed,
    log,
  });
  const smtpPort = await listenOnNextFree(smtp, options.smtpPort ?? (options.port && options.port + 2));
  running.defer(() => smtp.close());
  deployed.startMappings();
  ses.start();

  const stopping = running.move();
  return {
    stack: {
      tenant,
      ...outputs,
      region: place.region,
      cognitoUrl: publicUrl,
      awsEndpointUrl: gatewayUrl,
      mailUrl: `${publicUrl}${MAIL_PATH}`,
      smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
      smtpPassword: smtpPasswordOf(secrets.admin.secretAccessKey, place.region),
      caFile: certificate.file,
      adminAccessKeyId: secrets.admin.accessKeyId,
      adminSecretAccessKey: secrets.admin.secretAccessKey,
      users,
    },
    runs: countsOf(deployed),
    inert: deployed.inert,
    policies: deployed.policies,
    code: lambda,
    functions: lambda.statistics,
    faults: { ...faults, events: services.events.faults },
    runSchedules: (at) => services.events.runSchedules(at.getTime()),
    stop: () => stopping.disposeAsync(),
  };
}
