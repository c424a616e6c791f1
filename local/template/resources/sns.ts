import type { Sns } from '../../sns/sns.ts';
import type { ResourceTypes } from '../deploy.ts';

/** Topics are known, so that a publication to one can be told from one to nowhere; nobody subscribes to them here. */
export function snsTypes({ sns }: { sns: Pick<Sns, 'addTopic'> }): ResourceTypes {
  return {
    'AWS::SNS::Topic': {
      treatment: 'inert',
      reason: 'no alarm goes off here',
      create(properties, resource) {
        const name = typeof properties.TopicName === 'string' ? properties.TopicName : resource.name();
        const { arn } = sns.addTopic(name);
        // A topic's Ref is its ARN.
        return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
      },
    },
  };
}
