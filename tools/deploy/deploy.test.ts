import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotReady } from './account.ts';
import type { DeployOptions } from './args.ts';
import { deploy } from './deploy.ts';
import type { Result } from './run.ts';

const ACCOUNT = '222222222222';
const DEPLOY: DeployOptions = { tenant: 'acme', check: false, approval: 'broadening' };
const CHECK: DeployOptions = { ...DEPLOY, check: true };

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fidelia-deploy-'));
  const stack = (name: string) => ({
    type: 'aws:cloudformation:stack',
    environment: `aws://${ACCOUNT}/eu-central-1`,
    properties: {
      templateFile: `${name}.template.json`,
      assumeRoleArn: `arn:aws:iam::${ACCOUNT}:role/cdk-deploy-role`,
      cloudFormationExecutionRoleArn: `arn:aws:iam::${ACCOUNT}:role/cdk-exec-role`,
      requiresBootstrapStackVersion: 6,
      bootstrapStackVersionSsmParameter: '/cdk-bootstrap/hnb659fds/version',
    },
  });
  const write = (file: string, content: unknown) =>
    writeFileSync(join(folder, file), JSON.stringify(content));
  const artifacts = { Tree: { type: 'cdk:tree' }, 'acme-data': stack('data'), 'acme-app': stack('app') };
  write('manifest.json', { artifacts });
  write('data.template.json', {
    Resources: {
      Sender: { Type: 'AWS::SES::EmailIdentity', Properties: { EmailIdentity: 'acme.example' } },
    },
  });
  const reserved = (ReservedConcurrentExecutions: number) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { ReservedConcurrentExecutions },
  });
  const queue = (MaximumConcurrency: number) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { ScalingConfig: { MaximumConcurrency } },
  });
  write('app.template.json', {
    Resources: {
      A: reserved(5),
      B: reserved(20),
      C: queue(90),
      D: queue(60),
      S: { ...queue(1), Properties: {} },
    },
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

type Answers = Readonly<Record<string, Partial<Result> | object>>;

/** What AWS answers when all is well, by the first two words of the command. */
const WELL: Answers = {
  'sts get-caller-identity': { Account: ACCOUNT, Arn: 'arn:aws:iam::222222222222:user/ops' },
  'ssm get-parameter': { Parameter: { Value: '21' } },
  'iam get-role': {},
  'lambda get-account-settings': { AccountLimit: { ConcurrentExecutions: 1000 } },
  'sesv2 get-email-identity': { VerifiedForSendingStatus: true },
  'sesv2 get-account': {
    ProductionAccessEnabled: true,
    SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14 },
  },
  'sns get-sms-sandbox-account-status': { IsInSandbox: false },
  'sns get-sms-attributes': { attributes: { MonthlySpendLimit: '50' } },
  'service-quotas list-service-quotas': { Quotas: [{}, {}] },
};

const failing = (stderr: string, code = 254): Result => ({ code, stdout: '', stderr });

/** Deploys with answers of AWS in place of those when all is well. */
async function attempt(
  options: DeployOptions,
  answers: Answers = {},
  more: { cdk?: number; synth?: number } = {},
) {
  const ran: string[] = [];
  const said: string[] = [];
  const result = await deploy(options, {
    env: {},
    folderOf: () => folder,
    say: (text) => said.push(text),
    run: async (program, args) => {
      const name = program === process.execPath ? 'synth' : program.replace(/^.*\//, '');
      ran.push([name, ...args].join(' '));
      if (name === 'synth') return { code: more.synth ?? 0, stdout: '', stderr: '' };
      if (name === 'cdk') return { code: more.cdk ?? 0, stdout: '', stderr: '' };
      const answer = { ...WELL, ...answers }[args.slice(0, 2).join(' ')] ?? failing('no such command');
      return 'code' in answer ? (answer as Result) : { code: 0, stdout: JSON.stringify(answer), stderr: '' };
    },
  }).catch((error: unknown) => error);
  return { result, ran, said: said.join('\n') };
}

test('the assembly that is there is deployed, all stacks, by the pinned CDK', async () => {
  const { result, ran, said } = await attempt(DEPLOY);
  expect(result).toBe(0);
  expect(ran[0]).toMatch(/^synth .*infra\/synth.ts --tenant acme --out /);
  expect(ran.at(-1)).toBe(`cdk deploy --app ${folder} --all --require-approval broadening --progress events`);
  expect(said).toBe(`Deploying acme-data, acme-app to account ${ACCOUNT}, eu-central-1.`);
});

test('a failed deployment ends with 1', async () => {
  expect(await attempt(DEPLOY, {}, { cdk: 7 })).toMatchObject({ result: 1 });
});

test('a tenant that cannot be synthesized ends as the synthesis did, and nobody is called', async () => {
  const { result, ran } = await attempt(DEPLOY, {}, { synth: 2 });
  expect(result).toBe(2);
  expect(ran).toHaveLength(1);
});

test.each<[string, Answers, RegExp]>([
  [
    'no credentials',
    { 'sts get-caller-identity': failing('\nUnable to locate credentials', 255) },
    /no credentials that AWS takes \(Unable to locate credentials\): sign in with "aws sso login".*222222222222/,
  ],
  [
    'no AWS CLI',
    { 'sts get-caller-identity': failing('spawn aws ENOENT', 127) },
    /The AWS CLI is not there: install it/,
  ],
  [
    'credentials of another account',
    { 'sts get-caller-identity': { Account: '999999999999', Arn: 'arn:aws:iam::999999999999:user/x' } },
    /of account 999999999999 \(.*user\/x\), the tenant's file says 222222222222: use those of 222222222222/,
  ],
  [
    'no bootstrap',
    { 'ssm get-parameter': failing('An error occurred (ParameterNotFound) when calling GetParameter') },
    /Bootstrap of the CDK is not there: version 6 .* npx cdk bootstrap aws:\/\/222222222222\/eu-central-1/,
  ],
  [
    'an old bootstrap',
    { 'ssm get-parameter': { Parameter: { Value: '5' } } },
    /Bootstrap of the CDK version 5: version 6 or later/,
  ],
  [
    'a role that somebody deleted',
    { 'iam get-role': failing('An error occurred (NoSuchEntity) when calling GetRole') },
    /Role cdk-deploy-role is not there.*\nRole cdk-exec-role is not there/,
  ],
])('%s stops before anything is deployed, and says what to do', async (_what, answers, message) => {
  const { result, ran } = await attempt(DEPLOY, answers);
  expect(result).toBeInstanceOf(NotReady);
  expect((result as NotReady).message).toMatch(message);
  expect(ran.filter((line) => line.startsWith('cdk'))).toEqual([]);
  expect((await attempt(CHECK, answers)).result).toBeInstanceOf(NotReady);
});

test('what the credentials may not see does not stop a deployment', async () => {
  const denied = failing('An error occurred (AccessDenied) when calling GetRole');
  expect(await attempt(DEPLOY, { 'iam get-role': denied })).toMatchObject({ result: 0 });
});

test('the local cloud is no place to deploy to', async () => {
  const env = { AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:4001' };
  const run = async () => ({ code: 0, stdout: '{}', stderr: '' });
  await expect(deploy(DEPLOY, { env, run, folderOf: () => folder, say: () => {} })).rejects.toThrow(
    'AWS_ENDPOINT_URL_SSM=http://127.0.0.1:4001 leads to the local cloud',
  );
});

test('a check of an account that has all changes nothing, and says so of each', async () => {
  const { result, ran, said } = await attempt(CHECK);
  expect(result).toBe(0);
  expect(ran.filter((line) => !/^(synth|aws \S+ (get|list)-)/.test(line))).toEqual([]);
  expect(said).toContain('Bootstrap of the CDK: ok (version 21)');
  expect(said).toContain('Lambda: concurrent executions: ok (1000)');
  expect(said).toContain('175 at least: 25 reserved');
  expect(said).toContain('SES: out of the sandbox: ok (50000 mails a day, 14 a second)');
  expect(said).not.toMatch(/MISSING|not checked/);
});

test('a check names what a new account lacks, with the records for its DNS', async () => {
  const { result, said } = await attempt(CHECK, {
    'lambda get-account-settings': { AccountLimit: { ConcurrentExecutions: 10 } },
    'sesv2 get-email-identity': {
      VerifiedForSendingStatus: false,
      DkimAttributes: { Tokens: ['abc', 'def'] },
    },
    'sesv2 get-account': {
      ProductionAccessEnabled: false,
      SendQuota: { Max24HourSend: 200, MaxSendRate: 1 },
    },
    'sns get-sms-sandbox-account-status': { IsInSandbox: true },
    'sns get-sms-attributes': { attributes: {} },
    'service-quotas list-service-quotas': failing('An error occurred (AccessDeniedException)'),
  });
  expect(result).toBe(0);
  expect(said).toContain('Lambda: concurrent executions: MISSING (10)');
  expect(said).toContain(
    'SES: sender acme.example: MISSING (not verified; publish abc._domainkey.acme.example CNAME abc.dkim.amazonses.com, def._',
  );
  expect(said).toContain('SES: out of the sandbox: MISSING (sandbox, 200 mails a day, 1 a second)');
  expect(said).toContain('SNS: SMS out of the sandbox: MISSING (sandbox)');
  expect(said).toContain('SNS: spending on SMS a month: MISSING (1 USD)');
  expect(said).toContain('EventBridge: quotas: not checked (An error occurred (AccessDeniedException))');
  expect(said).toContain(
    '--service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region eu-central-1',
  );
});

test('a check before the first deployment says that the sender is not known yet', async () => {
  const { said } = await attempt(CHECK, {
    'sesv2 get-email-identity': failing(
      'An error occurred (NotFoundException) when calling GetEmailIdentity',
    ),
  });
  expect(said).toContain('SES: sender acme.example: MISSING (is not there)');
});

test('a check without credentials lists everything with its commands, and ends with what to do', async () => {
  const { result, said } = await attempt(CHECK, {
    'sts get-caller-identity': failing('Unable to locate credentials', 255),
  });
  expect(result).toBeInstanceOf(NotReady);
  expect(said.match(/: not checked\n/g)).toHaveLength(11);
  expect(said).toContain(
    'see    aws ssm get-parameter --name /cdk-bootstrap/hnb659fds/version --region eu-central-1 --output json',
  );
});
