import * as v from 'valibot';
import { type Cause, type Change, stamp } from '../change.ts';
import { checkInput, clientRequestId, instant, optional, text } from '../input.ts';
import { type Channel, channels, type Direction, directions } from './channel.ts';

/** One contact with a customer. It is a fact: it is recorded once and stays. */
export interface Interaction {
  readonly id: string;
  readonly customerId: string;
  readonly channel: Channel;
  readonly direction: Direction;
  readonly subject?: string;
  readonly body?: string;
  readonly occurredAt: string;
  readonly loggedAt: string;
  readonly loggedBy: string;
  readonly version: number;
}

/** Longest body in bytes of UTF-8. */
export const longestBody = 100_000;

const commandSchema = (now: string) =>
  v.pipe(
    v.object({
      clientRequestId,
      customerId: text(64),
      channel: v.picklist(channels),
      direction: v.picklist(directions),
      subject: optional(text(256)),
      body: optional(
        v.pipe(
          v.string(),
          v.maxBytes(longestBody, (issue) => `has ${issue.received} bytes; at most ${longestBody} are taken`),
        ),
      ),
      occurredAt: optional(instant(now)),
    }),
    v.forward(
      v.check(
        (command) => !command.clientRequestId || Boolean(command.occurredAt),
        'is needed with a clientRequestId, so that a retry means the same moment',
      ),
      ['occurredAt'],
    ),
  );

/** What a client asks to record, in canonical form. */
export type LogInteraction = v.InferOutput<ReturnType<typeof commandSchema>> & {
  readonly occurredAt: string;
};

/**
 * Checks what a client asks to record.
 *
 * @throws Refusal `INPUT.INVALID`.
 */
export function checkLogInteraction(input: unknown, now: string): LogInteraction {
  const command = checkInput(commandSchema(now), input);
  return { ...command, occurredAt: command.occurredAt ?? now };
}

/** Records the contact under the id that the shell derived for it. */
export function logInteraction(
  id: string,
  command: LogInteraction,
  cause: Cause,
): { interaction: Interaction; change: Change } {
  const { customerId, channel, direction, occurredAt } = command;
  const interaction: Interaction = {
    id,
    customerId,
    channel,
    direction,
    ...(command.subject ? { subject: command.subject } : {}),
    ...(command.body ? { body: command.body } : {}),
    occurredAt,
    loggedAt: cause.at,
    loggedBy: cause.actor,
    version: 1,
  };
  const change = stamp(cause, {
    type: 'crm.interaction.logged.v1',
    subject: id,
    sequence: interaction.version,
    data: { interactionId: id, customerId, channel, direction, occurredAt },
  });
  return { interaction, change };
}
