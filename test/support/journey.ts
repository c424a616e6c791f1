import { type AskAs, signedIn } from './client.ts';
import type { CloudInProcess } from './cloud.ts';
import { contactSteps } from './journey/contacts.ts';
import { customerSteps, lookingSteps } from './journey/customers.ts';
import { messageSteps } from './journey/messages.ts';
import { agreementSteps, sharingSteps } from './journey/partners.ts';
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
];

/** Goes all the way. @throws Error that names the step which failed */
export async function travel(cloud: CloudInProcess): Promise<void> {
  const users = new Map<string, Promise<AskAs>>();
  const as = (user: string) => {
    const known = users.get(user) ?? signedIn(cloud, user);
    users.set(user, known);
    return known;
  };
  const journey: Journey = { cloud, as, ids: new Map() };
  for (const { name, run } of steps) {
    try {
      await run(journey);
    } catch (error) {
      throw new Error(`The journey ended where ${name}: ${(error as Error).message}`, { cause: error });
    }
  }
}
