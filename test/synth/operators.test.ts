import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Assembly, assemblyOf, ofType, removeAssemblies } from './assembly.ts';
import { blindAlarms, endlessLogs, unheardFunctions } from './rules.ts';

let acme: Assembly;

beforeAll(async () => {
  acme = await assemblyOf('acme');
}, 60_000);

afterAll(removeAssemblies);

describe('the operators', () => {
  test('hear every alarm, and every alarm watches something that is there', () => {
    expect(ofType(acme.app, 'AWS::CloudWatch::Alarm').length).toBeGreaterThan(10);
    expect(blindAlarms(acme.app, acme.data)).toEqual([]);
  });

  test('hear of what is not there: a schedule that does not run', () => {
    const inverse = ofType(acme.app, 'AWS::CloudWatch::Alarm').filter(
      ([, { Properties }]) => Properties.ComparisonOperator === 'LessThanThreshold',
    );
    expect(inverse.map(([id]) => id)).toEqual([expect.stringMatching(/^LifecycleFunctionNotRunning/)]);
    expect(inverse[0]?.[1].Properties).toMatchObject({
      MetricName: 'Invocations',
      Threshold: 1,
      Period: 300,
      Statistic: 'Sum',
      TreatMissingData: 'breaching',
    });
  });

  test.each([
    ['Bounce', 0.05],
    ['Complaint', 0.001],
  ])('hear when the rate of a %s is what SES puts an account under review for', (kind, Threshold) => {
    const alarm = ofType(acme.app, 'AWS::CloudWatch::Alarm').find(([id]) => id.startsWith(`Mail${kind}s`));
    expect(alarm?.[1].Properties).toMatchObject({ MetricName: `Reputation.${kind}Rate`, Threshold });
    expect(alarm?.[1].Properties.AlarmDescription).toContain(`${kind}s are ${Threshold * 100} % of the mail`);
  });

  test('see on one dashboard each function, each queue and each alarm', () => {
    const [[, dashboard] = []] = ofType(acme.app, 'AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);
    for (const type of ['AWS::Lambda::Function', 'AWS::SQS::Queue', 'AWS::CloudWatch::Alarm']) {
      const missing = ofType(acme.app, type).filter(([id]) => !body.includes(`"${id}"`));
      expect(missing.map(([id]) => id)).toEqual([]);
    }
    expect(dashboard?.Properties.DashboardName).toBe('fidelia-acme');
  });

  test('find the table of alarms in the guide complete', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const ids = [acme.app, ...Object.values(acme.partners)].flatMap((template) =>
      ofType(template, 'AWS::CloudWatch::Alarm').map(([id]) => id.replace(/[0-9A-F]{8}$/, '')),
    );
    const named = [...guide.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(ids.filter((id) => !named.some((name) => id.endsWith(name)))).toEqual([]);
    expect(named.filter((name) => !ids.some((id) => id.endsWith(name)))).toEqual([]);
  });

  test('hear of errors that a function throws, of those that it only logs, and of calls it could not take', async () => {
    expect(unheardFunctions(acme.app)).toEqual([]);

    const source = "const { logger } = await import('./functions/runtime/logger.ts'); logger.error('no');";
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', source], { env: {} });
    expect(JSON.parse(stdout || stderr)).toMatchObject({ level: 'ERROR' });
  });

  test('read in an alarm about what lies somewhere by which commands it comes back', () => {
    const texts = ofType(acme.app, 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      JSON.stringify(Properties.AlarmDescription),
    ]);
    expect(Object.fromEntries(texts)).toMatchObject({
      RelayGaveUp: expect.stringMatching(/aws s3 mv .*FailedBatches.*aws lambda invoke .*"RelayFunction/),
      ScoringIncomingDeadLettersNotEmpty: expect.stringMatching(
        /start-message-move-task .*"ScoringIncomingDeadLetters\w+","Arn".*"ScoringIncomingQueue\w+","Arn"/,
      ),
      LiveUpdatesIncomingDeadLettersNotEmpty: expect.stringContaining('start-message-move-task'),
    });
  });

  test('are told at the address of the tenant', () => {
    const [subscription] = ofType(acme.app, 'AWS::SNS::Subscription');
    expect(subscription?.[1].Properties).toMatchObject({ Protocol: 'email', Endpoint: 'ops@acme.example' });
  });

  test('pay for no log that is kept for ever', () => {
    expect(endlessLogs(acme.app)).toEqual([]);
    const days = ofType(acme.app, 'AWS::Logs::LogGroup').map(
      ([, { Properties }]) => Properties.RetentionInDays,
    );
    expect(new Set(days)).toEqual(new Set([90]));
  });
});
