import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { FideliaFunction } from './function.ts';
import { ConsumerQueue } from './queue.ts';

export interface OverviewProps {
  readonly name: string;
  readonly graphqlApiId: string;
}

/** One dashboard of a stack, made of the functions, queues and alarms that are in it by then: create it last. */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, { name, graphqlApiId }: OverviewProps) {
    super(scope, id);
    const inside = scope.node.findAll();
    const functions = inside.filter((one) => one instanceof FideliaFunction);
    const queues = inside.filter((one) => one instanceof ConsumerQueue);
    const api = (metricName: string, statistic: string, label: string) =>
      new Metric({
        namespace: 'AWS/AppSync',
        metricName,
        dimensionsMap: { GraphQLAPIId: graphqlApiId },
        statistic,
        label,
      });
    const mail = (metricName: string) => new Metric({ namespace: 'AWS/SES', metricName, statistic: 'Sum' });
    const each = (metric: (lambda: FideliaFunction, label: string) => IMetric) =>
      functions.map((lambda) => metric(lambda, lambda.name));
    const graph = (title: string, left: IMetric[]) =>
      new GraphWidget({ title, left, width: 8, period: Duration.minutes(5) });

    new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      widgets: [
        [
          new AlarmStatusWidget({
            title: 'Alarms',
            width: 24,
            height: 6,
            alarms: inside.filter((one) => one instanceof Alarm),
          }),
        ],
        [
          graph('Requests to the API', [api('Latency', 'SampleCount', 'requests')]),
          graph('Errors of the API', [
            api('4XXError', 'Sum', 'of the client'),
            api('5XXError', 'Sum', 'of the server'),
          ]),
          graph('Latency of the API, ms', [api('Latency', 'p50', 'p50'), api('Latency', 'p99', 'p99')]),
        ],
        [
          graph(
            'Calls of functions',
            each((lambda, label) => lambda.metricInvocations({ label })),
          ),
          graph(
            'Errors of functions',
            each((lambda, label) => lambda.metricErrors({ label })),
          ),
          graph(
            'Throttled functions',
            each((lambda, label) => lambda.metricThrottles({ label })),
          ),
        ],
        [
          graph(
            'Age of the oldest change, ms',
            functions
              .filter(({ name }) => name === 'relay')
              .map((relay) => relay.metric('IteratorAge', { statistic: 'Maximum' })),
          ),
          graph(
            'Age of the oldest event, s',
            queues.map(({ queue, consumer }) =>
              queue.metricApproximateAgeOfOldestMessage({ label: consumer, statistic: 'Maximum' }),
            ),
          ),
          graph(
            'Dead letters',
            queues.map(({ deadLetters, consumer }) =>
              deadLetters.metricApproximateNumberOfMessagesVisible({ label: consumer, statistic: 'Maximum' }),
            ),
          ),
        ],
        [
          graph('Mail', ['Send', 'Delivery'].map(mail)),
          graph('Mail that came back', ['Bounce', 'Complaint', 'Reject'].map(mail)),
        ],
      ],
    });
  }
}
