import type { FaultPlan } from '../../../local/faults/plan.ts';

type Rules = { readonly [Kind in Exclude<keyof FaultPlan, 'seed'>]: readonly object[] };

/** All that can go wrong, at once; the sharing so often that some of it ends as dead letters. */
export const everything: Rules & { readonly seed: number } = {
  seed: 20_000,
  functions: [
    { function: 'PartnerSharingFunction', fault: 'kill', chance: 0.9 },
    { fault: 'kill', chance: 0.01 },
    { fault: 'kill after', ms: 5, chance: 0.01 },
    { fault: 'kill after', ms: 40, chance: 0.01 },
    { fault: 'lose answer', chance: 0.02 },
    { fault: 'throttle', chance: 0.02 },
    { fault: 'delay', ms: 300, chance: 0.02 },
  ],
  dynamodb: [
    { fault: 'throttle', chance: 0.01 },
    { fault: 'fail', chance: 0.005 },
    { fault: 'conflict', chance: 0.02 },
    { fault: 'lose answer', chance: 0.005 },
  ],
  events: [
    { fault: 'refuse entry', chance: 0.01 },
    { fault: 'throttle', chance: 0.02 },
    { fault: 'fail', chance: 0.02 },
    { fault: 'lose answer', chance: 0.02 },
  ],
  queues: [
    { fault: 'duplicate', chance: 0.05 },
    { fault: 'reorder', chance: 0.5 },
    { fault: 'delay', ms: 400, chance: 0.1 },
  ],
  streams: [{ fault: 'repeat', chance: 0.3 }],
  mail: [
    { fault: 'throttle', chance: 0.05 },
    { fault: 'fail', chance: 0.02 },
    { fault: 'lose answer', chance: 0.02 },
  ],
};
