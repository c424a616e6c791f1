import * as v from 'valibot';
import { checkInput, clientRequestId, instant, optional, text, via } from '../input.ts';
import { channels } from '../interactions/channel.ts';
import { type ConsentPurpose, consentPurposes, consentStates, legalBases } from './consent.ts';

/** Purposes that a channel makes no difference to. */
const withoutChannel: ReadonlySet<ConsentPurpose> = new Set(['SHARING', 'ANALYTICS']);

const partnerId = v.pipe(
  v.string(),
  v.regex(
    /^par_[a-z][a-z0-9-]{0,39}$/,
    (issue) => `${issue.received} is no id of a partner: write it as par_carrier, or see the query partners`,
  ),
);

const commandSchema = (now: string) =>
  v.pipe(
    v.object({
      clientRequestId,
      customerId: text(64),
      purpose: v.picklist(consentPurposes),
      channel: optional(v.picklist(channels)),
      partnerId: optional(partnerId),
      state: v.picklist(consentStates),
      basis: optional(v.picklist(legalBases)),
      proof: optional(text(512)),
      statedAt: optional(instant(now)),
      via,
    }),
    v.forward(
      v.check(
        ({ purpose, channel }) => !channel || !withoutChannel.has(purpose),
        ({ input }) => `${input.purpose} is the same on all channels: leave it out`,
      ),
      ['channel'],
    ),
    v.forward(
      v.check(
        ({ purpose, partnerId }) => !partnerId || purpose === 'SHARING',
        ({ input }) => `${input.purpose} has nothing to do with partners: leave it out, or choose SHARING`,
      ),
      ['partnerId'],
    ),
    v.forward(
      v.check(
        ({ state, basis }) => state === 'WITHDRAWN' || Boolean(basis),
        `is needed for what is GRANTED: one of ${legalBases.join(', ')}`,
      ),
      ['basis'],
    ),
    v.forward(
      v.check(
        ({ state, basis }) => state === 'GRANTED' || !basis,
        'a withdrawal rests on nothing: leave it out',
      ),
      ['basis'],
    ),
    v.forward(
      v.check(
        (command) => !command.clientRequestId || Boolean(command.statedAt),
        'is needed with a clientRequestId, so that a retry means the same moment',
      ),
      ['statedAt'],
    ),
  );

/** A statement of consent as a client asks to record it, in canonical form. */
export type RecordConsent = v.InferOutput<ReturnType<typeof commandSchema>> & { readonly statedAt: string };

/**
 * Checks what a client asks to record.
 *
 * @throws Refusal `INPUT.INVALID`
 */
export function checkRecordConsent(input: unknown, now: string): RecordConsent {
  const command = checkInput(commandSchema(now), input);
  return { ...command, statedAt: command.statedAt ?? now };
}
