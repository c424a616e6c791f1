import * as v from 'valibot';
import { type Cause, type Change, stamp, withVia } from '../change.ts';
import { checkInput, clientRequestId, instant, optional, text, via } from '../input.ts';
import type { Via } from '../via.ts';
import { type Channel, channels, type Direction, directions } from './channel.ts';

/** One contact with a customer. It is a fact: it is recorded once and stays. */
export interface Interaction {
  readonly id: string;
  readonly customerId: string;
  readonly channel: Channel;
  readonly direction: Direction;
  readonly subject?: string;
  readonly body?: string;
  /** The conversation it belongs to; unique within the customer. */
  readonly threadId?: string;
  /** The user who had the contact on the firm's side. */
  readonly agentId?: string;
  /** The store or branch where it took place. */
  readonly storeId?: string;
  readonly via: Via;
  readonly occurredAt: string;
  readonly loggedAt: string;
  readonly loggedBy: string;
  readonly version: number;
}

/** Longest body in bytes of UTF-8. */
export const longestBody = 100_000;

const threadId = v.pipe(
  v.string('a text is needed'),
  v.regex(
    /^[A-Za-z0-9._-]{1,64}$/,
    (issue) => `${issue.received} is no id of a thread: write up to 64 of A-Z, a-z, 0-9, ., _ and -`,
  ),
);

/** @throws Refusal `INPUT.INVALID` */
export const checkThreadId = (input: unknown): string =>
  checkInput(v.object({ threadId }), { threadId: input }).threadId;

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
      threadId: optional(threadId),
      agentId: optional(text(128)),
      storeId: optional(text(64)),
      occurredAt: optional(instant(now)),
      via,
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
  const via = command.via ?? 'API';
  const where = {
    ...(command.threadId ? { threadId: command.threadId } : {}),
    ...(command.agentId ? { agentId: command.agentId } : {}),
    ...(command.storeId ? { storeId: command.storeId } : {}),
  };
  const interaction: Interaction = {
    id,
    customerId,
    channel,
    direction,
    ...(command.subject ? { subject: command.subject } : {}),
    ...(command.body ? { body: command.body } : {}),
    ...where,
    via,
    occurredAt,
    loggedAt: cause.at,
    loggedBy: cause.actor,
    version: 1,
  };
  const change = stamp(withVia(cause, via), {
    type: 'crm.interaction.logged.v1',
    subject: id,
    sequence: interaction.version,
    data: { interactionId: id, customerId, channel, direction, occurredAt, ...where },
  });
  return { interaction, change };
}
