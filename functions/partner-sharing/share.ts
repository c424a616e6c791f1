import { type Consent, isGranted } from '../../domain/customers/consent.ts';
import type { Envelope } from '../../domain/events.ts';
import { covers, fieldsFor, type SharingAgreement } from '../../domain/partners/agreement.ts';
import { fitting, project } from '../../domain/partners/projection.ts';
import type { Share } from '../../domain/partners/share.ts';
import type { ShareableEvent, SharedFacts } from '../../domain/partners/shareable.ts';
import { type References, type SharedEvent, sharedEvent } from '../../domain/partners/shared-event.ts';

/** An event that may be shared. */
export type ShareableEnvelope = Envelope<ShareableEvent>;

/** What sharing reads and writes; all reads see every write answered before them. */
export interface Tools {
  /** Those that were not ended, of partners that the tenant has. */
  readonly agreements: () => Promise<readonly SharingAgreement[]>;
  /** The consents in force of a customer. */
  readonly consents: (customerId: string) => Promise<readonly Consent[]>;
  /** The facts of an event, with those that the fields need; undefined when there is nothing any more. */
  readonly facts: (event: ShareableEnvelope, fields: ReadonlySet<string>) => Promise<SharedFacts | undefined>;
  readonly shareId: (agreementId: string, event: Envelope) => string;
  readonly references: (partnerId: string, customerId: string, subjectId: string) => References;
  /** Records a share once; gives the one that is there. */
  readonly record: (share: Share) => Promise<Share>;
  /** Hands events to their partners; throws unless all were taken. */
  readonly send: (
    events: readonly { readonly partnerId: string; readonly event: SharedEvent }[],
  ) => Promise<void>;
  /** The present, as ISO 8601 in UTC. */
  readonly now: () => string;
}

/**
 * Shares the events of one customer with the partners whose agreements cover them and to whom the customer's consent
 * extends, as agreements, consent and facts are now: whatever was ended or withdrawn meanwhile, shares nothing more.
 *
 * Each share is recorded before it leaves. A delivery that comes again repeats the same ids and sends no field that its
 * record does not name, so that a partner may drop what it has seen, and nothing leaves that is not on record.
 *
 * @throws Error when something was not read, recorded or taken; the events are then delivered again.
 */
export async function share(tools: Tools, events: readonly ShareableEnvelope[]): Promise<void> {
  const agreements = await tools.agreements();
  const now = tools.now();
  const covered = events.flatMap((event) => {
    const covering = agreements.filter((agreement) => covers(agreement, event, now));
    return covering.length > 0 ? [{ event, covering }] : [];
  });
  const [first] = covered;
  if (!first) return;

  const [consents, ...facts] = await Promise.all([
    tools.consents(first.event.data.customerId),
    ...covered.map(({ event, covering }) => tools.facts(event, fieldsNeeded(event, covering))),
  ]);
  const leaving = covered.flatMap(({ event, covering }, index) => {
    const known = facts[index];
    const allowed = covering.filter(({ partnerId }) =>
      isGranted(consents, { purpose: 'SHARING', partnerId }),
    );
    return known ? allowed.map((agreement) => ({ agreement, event, known })) : [];
  });
  await tools.send(
    await Promise.all(
      leaving.map(({ agreement, event, known }) => onRecord(tools, agreement, event, known, now)),
    ),
  );
}

/** What leaves of an event under an agreement, after it is on record. */
async function onRecord(
  { shareId, references, record }: Tools,
  agreement: SharingAgreement,
  event: ShareableEnvelope,
  facts: SharedFacts,
  now: string,
): Promise<{ partnerId: string; event: SharedEvent }> {
  const { id: agreementId, partnerId, version, purpose } = agreement;
  const { customerId } = event.data;
  const { fields, leftOut } = fitting(project(agreement, event, facts));
  const recorded = await record({
    id: shareId(agreementId, event),
    customerId,
    partnerId,
    agreementId,
    agreementVersion: version,
    purpose,
    event: event.type,
    subjectId: event.subject,
    fields,
    sharedAt: now,
  });
  const sent = fields.filter((field) => recorded.fields.includes(field));
  const { data } = project({ ...agreement, fields: sent }, event, facts);
  const known = references(partnerId, customerId, event.subject);
  return {
    partnerId,
    event: sharedEvent(event, recorded, known, leftOut ? { data, leftOut } : { data }),
  };
}

function fieldsNeeded(
  event: ShareableEnvelope,
  agreements: readonly SharingAgreement[],
): ReadonlySet<string> {
  return new Set(agreements.flatMap((agreement) => fieldsFor(agreement, event)));
}
