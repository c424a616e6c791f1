import { type Assembly, propertiesOf } from './assembly.ts';
import { commandLine, type Requirement } from './requirement.ts';

/** What Lambda keeps for functions without executions of their own: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const UNRESERVED = 100;

/** What no command asks for: https://docs.aws.amazon.com/sns/latest/dg/channels-sms-awssupport-spend-threshold.html */
const SUPPORT_CASE =
  'a case at https://console.aws.amazon.com/support/home#/case/create?issueType=service-limit-increase';

/** All that the stacks of an assembly need and do not make. */
export function requirementsOf(assembly: Assembly): Requirement[] {
  return [
    bootstrap(assembly),
    ...assembly.bootstrap.roles.map((role) => bootstrapRole(assembly, role)),
    concurrency(assembly),
    ...senders(assembly),
    mailQuota(assembly),
    smsSandbox(assembly),
    smsSpending(assembly),
    quotasOf(
      assembly,
      'appsync',
      'AppSync',
      'the rate of request tokens: a query costs one, a heavy one more',
    ),
    quotasOf(
      assembly,
      'events',
      'EventBridge',
      'PutEvents and invocations a second: each change of a record is an event',
    ),
    quotasOf(assembly, 'cognito-idp', 'Cognito', 'sign-ins a second; invitations are at most 50 mails a day'),
  ];
}

const inRegion = ({ region }: Assembly) => ['--region', region, '--output', 'json'];

function bootstrap(assembly: Assembly): Requirement {
  const { account, region } = assembly;
  const { version, parameter } = assembly.bootstrap;
  return {
    title: 'Bootstrap of the CDK',
    needs: `version ${version} or later in ${account}/${region}: the bucket and the roles by which stacks are deployed`,
    see: ['ssm', 'get-parameter', '--name', parameter, ...inRegion(assembly)],
    get: `npx cdk bootstrap aws://${account}/${region}`,
    blocking: true,
    judge(answer) {
      const { Value = '0' } =
        (answer as { readonly Parameter?: { readonly Value?: string } }).Parameter ?? {};
      return { there: Number(Value) >= version, says: `version ${Value}` };
    },
  };
}

function bootstrapRole(assembly: Assembly, role: string): Requirement {
  const { account, region } = assembly;
  return {
    title: `Role ${role}`,
    needs: role.includes('-deploy-')
      ? 'who deploys must be allowed to assume it'
      : 'CloudFormation makes the resources with it',
    see: ['iam', 'get-role', '--role-name', role, '--output', 'json'],
    get: `npx cdk bootstrap aws://${account}/${region}`,
    blocking: true,
    judge: () => ({ there: true, says: 'is there' }),
  };
}

function concurrency(assembly: Assembly): Requirement {
  const functions = propertiesOf(assembly, 'AWS::Lambda::Function');
  const reserved = sum(functions.map((lambda) => lambda.ReservedConcurrentExecutions));
  const batches = sum(
    propertiesOf(assembly, 'AWS::Lambda::EventSourceMapping').map(
      ({ ScalingConfig }) => (ScalingConfig as { readonly MaximumConcurrency?: number })?.MaximumConcurrency,
    ),
  );
  const least = reserved + Math.max(UNRESERVED, batches);
  return {
    title: 'Lambda: concurrent executions',
    needs: `${least} at least: ${reserved} reserved, ${UNRESERVED} that Lambda keeps unreserved; the queues alone start up to ${batches}, requests to the API come on top. A new account may have 10`,
    see: ['lambda', 'get-account-settings', ...inRegion(assembly)],
    get: `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${Math.max(1000, least)} --region ${assembly.region}`,
    blocking: false,
    judge(answer) {
      const { ConcurrentExecutions = 0 } =
        (answer as { readonly AccountLimit?: { readonly ConcurrentExecutions?: number } }).AccountLimit ?? {};
      return { there: ConcurrentExecutions >= least, says: `${ConcurrentExecutions}` };
    },
  };
}

interface IdentityAnswer {
  readonly VerifiedForSendingStatus?: boolean;
  readonly DkimAttributes?: { readonly Tokens?: readonly string[]; readonly SigningHostedZone?: string };
}

function senders(assembly: Assembly): Requirement[] {
  return propertiesOf(assembly, 'AWS::SES::EmailIdentity').map(({ EmailIdentity }) => {
    const domain = String(EmailIdentity);
    const see = ['sesv2', 'get-email-identity', '--email-identity', domain, ...inRegion(assembly)];
    return {
      title: `SES: sender ${domain}`,
      needs: `three CNAME records in the DNS of ${domain}, TOKEN._domainkey.${domain} for TOKEN.dkim.amazonses.com, whose tokens are known once the data stack is deployed; until then no mail leaves`,
      see,
      get: commandLine(['aws', ...see.slice(0, -1), 'text', '--query', 'DkimAttributes.Tokens']),
      blocking: false,
      judge(answer) {
        const { VerifiedForSendingStatus = false, DkimAttributes = {} } = answer as IdentityAnswer;
        const { Tokens = [], SigningHostedZone = 'dkim.amazonses.com' } = DkimAttributes;
        const records = Tokens.map(
          (token) => `${token}._domainkey.${domain} CNAME ${token}.${SigningHostedZone}`,
        );
        return VerifiedForSendingStatus
          ? { there: true, says: 'verified' }
          : { there: false, says: `not verified; publish ${records.join(', ')}` };
      },
    };
  });
}

interface MailAnswer {
  readonly ProductionAccessEnabled?: boolean;
  readonly SendQuota?: { readonly Max24HourSend?: number; readonly MaxSendRate?: number };
}

function mailQuota(assembly: Assembly): Requirement {
  return {
    title: 'SES: out of the sandbox',
    needs: 'in the sandbox, mail reaches verified addresses only: 200 a day, one a second',
    see: ['sesv2', 'get-account', ...inRegion(assembly)],
    get: `aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --website-url https://YOUR-SITE --region ${assembly.region}`,
    blocking: false,
    judge(answer) {
      const { ProductionAccessEnabled = false, SendQuota = {} } = answer as MailAnswer;
      const quota = `${SendQuota.Max24HourSend ?? 0} mails a day, ${SendQuota.MaxSendRate ?? 0} a second`;
      return {
        there: ProductionAccessEnabled,
        says: `${ProductionAccessEnabled ? '' : 'sandbox, '}${quota}`,
      };
    },
  };
}

function smsSandbox(assembly: Assembly): Requirement {
  return {
    title: 'SNS: SMS out of the sandbox',
    needs: 'in the sandbox, SMS reach ten verified numbers only; only tenants with rules by SMS need it',
    see: ['sns', 'get-sms-sandbox-account-status', ...inRegion(assembly)],
    get: SUPPORT_CASE,
    blocking: false,
    judge(answer) {
      const { IsInSandbox = true } = answer as { readonly IsInSandbox?: boolean };
      return { there: !IsInSandbox, says: IsInSandbox ? 'sandbox' : 'out of the sandbox' };
    },
  };
}

function smsSpending(assembly: Assembly): Requirement {
  return {
    title: 'SNS: spending on SMS a month',
    needs: `enough for a month of SMS: at the limit, no more are sent. It starts at 1 USD, and more is ${SUPPORT_CASE}`,
    see: ['sns', 'get-sms-attributes', '--attributes', 'MonthlySpendLimit', ...inRegion(assembly)],
    get: `aws sns set-sms-attributes --attributes MonthlySpendLimit=USD --region ${assembly.region}`,
    blocking: false,
    judge(answer) {
      const { MonthlySpendLimit = '1' } =
        (answer as { readonly attributes?: { readonly MonthlySpendLimit?: string } }).attributes ?? {};
      return { there: Number(MonthlySpendLimit) > 1, says: `${MonthlySpendLimit} USD` };
    },
  };
}

/** Quotas that depend on how much the firm does: they are shown, and nobody can say whether they are enough. */
function quotasOf(assembly: Assembly, code: string, name: string, what: string): Requirement {
  return {
    title: `${name}: quotas`,
    needs: what,
    see: ['service-quotas', 'list-service-quotas', '--service-code', code, ...inRegion(assembly)],
    get: `aws service-quotas request-service-quota-increase --service-code ${code} --quota-code CODE --desired-value NUMBER --region ${assembly.region}`,
    blocking: false,
    judge(answer) {
      const { Quotas = [] } = answer as { readonly Quotas?: readonly unknown[] };
      return { there: true, says: `${Quotas.length} quotas; compare them with what the dashboard shows` };
    },
  };
}

const sum = (numbers: readonly unknown[]) =>
  numbers.reduce((total: number, number) => total + (typeof number === 'number' ? number : 0), 0);
