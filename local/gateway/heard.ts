import type { AwsService, Caller } from '../aws.ts';
import { outputOf } from '../json-text.ts';
import type { JsonService } from './json.ts';

/** A call of an AWS API that was answered; what was refused is none. */
export interface HeardCall {
  /** The service as its signatures name it: `dynamodb`, `events`. */
  readonly service: string;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly answer: unknown;
  readonly caller: Caller;
}

type Services = Readonly<Record<string, JsonService>>;

/** The same services, whose answered calls are heard of; those of DynamoDB tell the capacity that they consumed. */
export function heardServices(
  services: Services,
  hear: (call: HeardCall) => void,
): Record<string, JsonService> {
  return Object.fromEntries(
    Object.entries(services).map(([prefix, service]) => [prefix, { ...service, call: heard(service, hear) }]),
  );
}

function heard({ name, call }: JsonService, hear: (call: HeardCall) => void): AwsService {
  return async (action, input, caller) => {
    const asked = name === 'dynamodb' ? { ...input, ReturnConsumedCapacity: 'TOTAL' } : input;
    const answer = await call(action, asked, caller);
    hear({ service: name, action, input, answer: outputOf(answer), caller });
    return answer;
  };
}
