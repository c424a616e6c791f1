import type { AskAs } from '../client.ts';
import type { CloudInProcess } from '../cloud.ts';

/** A journey under way through a stack. */
export interface Journey {
  readonly cloud: CloudInProcess;
  /** Asks as the user of a group. */
  readonly as: (user: string) => Promise<AskAs>;
  /** Ids that earlier steps left for later ones, by what they are of. */
  readonly ids: Map<string, string>;
}

/** A step throws when something is not as awaited: what is denied to a function ends the journey. */
export interface Step {
  readonly name: string;
  readonly run: (journey: Journey) => Promise<void>;
}

/** The id that an earlier step left. @throws Error when none did */
export function idOf({ ids }: Journey, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`no step before has left the id of a ${name}`);
  return id;
}

/** Changes something by a mutation that answers one thing, and gives that thing's id. */
export async function change(
  ask: AskAs,
  mutation: string,
  inputType: string,
  input: object,
): Promise<string> {
  const { changed } = await ask<{ changed: { id: string } }>(
    `mutation($input: ${inputType}!) { changed: ${mutation}(input: $input) { id } }`,
    { input },
  );
  return changed.id;
}
