import { AwsError } from '../aws.ts';
import type { Deliver } from './delivery.ts';

export interface EventFaults {
  /** Asked before each delivery but those to dead-letter queues: lets the target throttle or fail it for the moment. */
  beforeDelivery?: (targetArn: string) => 'throttle' | 'fail' | undefined;
}

/** Delivers as `deliver` does, but for what the faults ask for. */
export function disturbedBy(faults: EventFaults, deliver: Deliver): Deliver {
  return (targetArn, body, options) => {
    const fault = options.attributes ? undefined : faults.beforeDelivery?.(targetArn);
    if (fault === 'throttle') throw new AwsError('ThrottlingException', 'Rate exceeded', 429);
    if (fault === 'fail') throw new AwsError('InternalFailure', 'The target failed.', 500);
    deliver(targetArn, body, options);
  };
}
