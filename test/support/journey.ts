import { type AskAs, signedIn } from './client.ts';
import type { CloudInProcess } from './cloud.ts';
import { contactSteps } from './journey/contacts.ts';
import { customerSteps, lookingSteps } from './journey/customers.ts';
import { failureSteps } from './journey/failures.ts';
import { messageSteps } from './journey/messages.ts';
import { agreementSteps, partingSteps, sharingSteps } from './journey/partners.ts';
import { salesSteps } from './journey/sales.ts';
import type { Journey, Step } from './journey/step.ts';
import { teamSteps } from './journey/team.ts';
import { timeSteps } from './journey/time.ts';

/**
 * What makes use of every right that functions have, in order: whoever gives a function a right adds the step that uses
 * it.
 */
export const steps: readonly Step[] = [
  ...teamSteps,
  ...agreementSteps,
  ...customerSteps,
  ...contactSteps,
  ...salesSteps,
  ...sharingSteps,
  ...messageSteps,
  ...timeSteps,
  ...lookingSteps,
  ...failureSteps,
  ...partingSteps,
];

/** How far a journey has come. */
export interface Stage {
  /** The step that comes next, counted from 0. */
  readonly next: number;
  /** Ids that the steps before have left. */
  readonly ids: ReadonlyMap<string, string>;
}

export const departure: Stage = { next: 0, ids: new Map() };

/**
 * Goes the rest of the way, by default all of it. `onStage` is told where each step begins.
 *
 * @throws Error that names the step which failed
 */
export async function travel(
  cloud: CloudInProcess,
  from: Stage = departure,
  onStage: (stage: Stage) => void = () => {},
): Promise<void> {
  const users = new Map<string, Promise<AskAs>>();
  const as = (user: string) => {
    const known = users.get(user) ?? signedIn(cloud, user);
    users.set(user, known);
    return known;
  };
  const journey: Journey = { cloud, as, ids: new Map(from.ids) };
  for (const [index, { name, run }] of steps.entries()) {
    if (index < from.next) continue;
    onStage({ next: index, ids: new Map(journey.ids) });
    try {
      await run(journey);
    } catch (error) {
      throw new Error(`The journey ended where ${name}: ${(error as Error).message}`, { cause: error });
    }
  }
}
