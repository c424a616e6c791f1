import type { Properties, Resource } from '../deploy.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html */
const MAX_CHARACTERS = 5120;

function documentIn(text: unknown, name: string): unknown {
  if (typeof text !== 'string') {
    throw new Error(`PolicyDocument of ${name} is ${JSON.stringify(text)}: give the policy as a JSON text`);
  }
  if (text.length > MAX_CHARACTERS) {
    throw new Error(
      `PolicyDocument of ${name} has ${text.length} characters: CloudWatch Logs takes ${MAX_CHARACTERS}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`PolicyDocument of ${name} is no JSON text: ${(error as Error).message}`);
  }
}

/**
 * The policy of an `AWS::Logs::ResourcePolicy`, which is about all log groups of the account.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-logs-resourcepolicy.html
 *
 * @throws Error with what is wrong and its remedy
 */
export function logsPolicy(
  { PolicyName, PolicyDocument }: Properties,
  { place }: Pick<Resource, 'place'>,
): { resourceArns: string[]; document: unknown } {
  if (typeof PolicyName !== 'string' || PolicyName === '') {
    throw new Error(`PolicyName is ${JSON.stringify(PolicyName)}: give the policy a name`);
  }
  return {
    resourceArns: [`arn:aws:logs:${place.region}:${place.accountId}:*`],
    document: documentIn(PolicyDocument, PolicyName),
  };
}
