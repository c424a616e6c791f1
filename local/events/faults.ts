import { AwsError } from '../aws.ts';
import type { CallApi, Deliver } from './delivery.ts';

export interface EventFaults {
  /** Asked before each delivery but those to dead-letter queues: lets the target throttle or fail it for the moment. */
  beforeDelivery?: (targetArn: string) => 'throttle' | 'fail' | undefined;
}

/** @throws AwsError as the faults ask for */
function disturb({ beforeDelivery }: EventFaults, targetArn: string): void {
  const fault = beforeDelivery?.(targetArn);
  if (fault === 'throttle') throw new AwsError('ThrottlingException', 'Rate exceeded', 429);
  if (fault === 'fail') throw new AwsError('InternalFailure', 'The target failed.', 500);
}

/** Delivers as `deliver` does, but for what the faults ask for. */
export function disturbedBy(faults: EventFaults, deliver: Deliver): Deliver {
  return (targetArn, body, options) => {
    if (!options.attributes) disturb(faults, targetArn);
    deliver(targetArn, body, options);
  };
}

/** Calls APIs as `callApi` does, but for what the faults ask for. */
export function disturbedCalls(faults: EventFaults, callApi: CallApi): CallApi {
  return async (endpointArn, ...call) => {
    disturb(faults, endpointArn);
    await callApi(endpointArn, ...call);
  };
}
