import type { Created, Resource, ResourceType } from '../deploy.ts';

type Attributes = (resource: Resource, name: string) => Readonly<Record<string, unknown>>;

function arn(service: string, path: (name: string) => string): Attributes {
  return ({ place }, name) => ({
    Arn: `arn:aws:${service}:${place.region}:${place.accountId}:${path(name)}`,
  });
}

const none: Attributes = () => ({});

/** A type that is known and does nothing here. Its `Ref` is the name that the template gives it, or a generated one. */
function inert(reason: string, nameProperty?: string, attributes: Attributes = none): ResourceType {
  return {
    treatment: 'inert',
    reason,
    create(properties, resource): Created {
      const given = nameProperty === undefined ? undefined : properties[nameProperty];
      const name = typeof given === 'string' ? given : resource.name();
      return { ref: name, attributes: attributes(resource, name) };
    },
  };
}

const noMetrics = 'nothing is measured here';
const functionsLog = 'functions log into files';

export const inertTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::CDK::Metadata': inert('counts how the CDK is used'),
  'AWS::CloudWatch::Alarm': inert(
    noMetrics,
    'AlarmName',
    arn('cloudwatch', (name) => `alarm:${name}`),
  ),
  'AWS::CloudWatch::CompositeAlarm': inert(
    noMetrics,
    'AlarmName',
    arn('cloudwatch', (name) => `alarm:${name}`),
  ),
  'AWS::CloudWatch::Dashboard': inert(noMetrics, 'DashboardName'),
  'AWS::Logs::LogGroup': inert(
    functionsLog,
    'LogGroupName',
    arn('logs', (name) => `log-group:${name}:*`),
  ),
  'AWS::Logs::MetricFilter': inert(functionsLog, 'FilterName'),
  'AWS::Logs::QueryDefinition': inert(functionsLog),
  'AWS::SNS::Subscription': inert('no alarm goes off here'),
};
