import { invalid } from './rest.ts';

/** An action of a service that a schedule calls with its input as parameters. */
export interface UniversalTarget {
  /** As the SDKs call it: `eventbridge`. */
  readonly service: UniversalService;
  /** `SendMessage`. */
  readonly action: string;
}

/** Services whose actions schedules can call here. */
export const UNIVERSAL_SERVICES = ['dynamodb', 'eventbridge', 'lambda', 'sqs'] as const;
export type UniversalService = (typeof UNIVERSAL_SERVICES)[number];

const UNIVERSAL = /^arn:aws:scheduler:::aws-sdk:([a-z0-9]+):([a-z][A-Za-z0-9]*)$/;

/** What Scheduler does not call: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html */
const READ_ONLY =
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|invokeModel)/;

/** The action that the ARN of a target names; undefined for a templated target. @throws AwsError `ValidationException` */
export function universalTarget(arn: string): UniversalTarget | undefined {
  const [, name, action = ''] = UNIVERSAL.exec(arn) ?? [];
  if (name === undefined) return undefined;
  const service = UNIVERSAL_SERVICES.find((one) => one === name);
  if (!service) {
    const here = UNIVERSAL_SERVICES.join(', ');
    throw invalid(`${name} is not a supported service for a target. Here there are ${here}.`);
  }
  if (READ_ONLY.test(action) || (service === 'lambda' && action !== 'invoke')) {
    throw invalid(
      `${action} is not a supported API of ${service} for a target: it only reads, or is not run here.`,
    );
  }
  return { service, action: `${action.charAt(0).toUpperCase()}${action.slice(1)}` };
}

/** Checks the parameters of a call as far as all services have them. @throws AwsError `ValidationException` */
export function checkParameters({ service }: UniversalTarget, input: string | undefined): void {
  const { FunctionName, InvocationType } = objectIn(input, 'an action of a service');
  if (service !== 'lambda') return;
  if (typeof FunctionName !== 'string') throw invalid('Input for invoke must have the FunctionName.');
  if (InvocationType !== 'Event') {
    throw invalid(
      'Input for invoke must have the InvocationType Event: here a schedule waits for no function.',
    );
  }
}

/** The JSON object of an input. @throws AwsError `ValidationException` */
export function objectIn(input = '', target: string): Readonly<Record<string, unknown>> {
  try {
    const parameters: unknown = JSON.parse(input);
    if (parameters !== null && typeof parameters === 'object' && !Array.isArray(parameters)) {
      return parameters as Record<string, unknown>;
    }
  } catch {
    // Told below, with what it is.
  }
  throw invalid(`Input for ${target} must be a JSON object, not ${JSON.stringify(input)}.`);
}
