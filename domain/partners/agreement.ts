import { type Cause, type Change, stamp } from '../change.ts';
import { Refusal } from '../errors.ts';
import type { Envelope } from '../events.ts';
import type { CreateAgreement, Terms, UpdateAgreement } from './agreement-input.ts';
import { isShareableEvent, recordOf, shareableEvents, shareableField } from './shareable.ts';

/** What a partner gets, for which purpose and until when. Each change is a new version. */
export interface SharingAgreement extends Terms {
  readonly id: string;
  readonly partnerId: string;
  /** When it was ended before `validUntil`; absent unless it was. */
  readonly endedAt?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly version: number;
}

/** A version of an agreement, and the change that made it. */
export interface NewVersion {
  readonly agreement: SharingAgreement;
  readonly change: Change;
}

/**
 * Most agreements of a tenant that were not ended: all of them are read for every event that might be shared, 100 of
 * usual size in one page of a query.
 */
export const mostAgreements = 100;

/** A partner's id: it follows from its name in the tenant's file. */
export const partnerIdOf = (name: string): string => `par_${name}`;

/**
 * Makes an agreement under the id that the shell derived.
 *
 * @param partnerIds of the partners that the tenant has
 * @throws Refusal `PARTNER.NOT_FOUND`, `INPUT.INVALID` when it would hold at no time.
 */
export function createAgreement(
  id: string,
  command: CreateAgreement,
  partnerIds: readonly string[],
  cause: Cause,
): NewVersion {
  const { clientRequestId: _request, partnerId, ...terms } = command;
  if (!partnerIds.includes(partnerId)) {
    throw new Refusal(
      'PARTNER.NOT_FOUND',
      `There is no partner ${partnerId}: the tenant has ${partnerIds.join(', ') || 'none'}`,
      { field: 'partnerId', value: partnerId },
    );
  }
  checkPeriod(terms);
  const { at, actor } = cause;
  const agreement = {
    ...terms,
    id,
    partnerId,
    createdAt: at,
    updatedAt: at,
    updatedBy: actor,
    version: 1,
  };
  return { agreement, change: changed(agreement, 'CREATED', cause) };
}

/**
 * Changes an agreement; undefined when nothing differs.
 *
 * @throws Refusal `AGREEMENT.VERSION_STALE` when the client has seen another version, `AGREEMENT.ENDED`,
 * `INPUT.INVALID` when it would hold at no time.
 */
export function updateAgreement(
  current: SharingAgreement,
  { expectedVersion, terms }: UpdateAgreement,
  cause: Cause,
): NewVersion | undefined {
  const { id, version, endedAt } = current;
  if (typeof expectedVersion === 'number' && expectedVersion !== version) {
    throw new Refusal(
      'AGREEMENT.VERSION_STALE',
      `${id} has version ${version}, not ${expectedVersion}: read it again and decide anew`,
      { field: 'expectedVersion', value: expectedVersion, version },
    );
  }
  if (endedAt) {
    throw new Refusal('AGREEMENT.ENDED', `${id} was ended at ${endedAt}: make a new agreement`, {
      field: 'id',
      value: id,
      endedAt,
    });
  }
  const wanted = { ...current, ...terms };
  checkPeriod(wanted);
  if (JSON.stringify(wanted) === JSON.stringify(current)) return undefined;
  const agreement = next(wanted, cause);
  return { agreement, change: changed(agreement, 'UPDATED', cause) };
}

/** Ends an agreement at once; undefined when it was ended before, so that a retry changes nothing. */
export function endAgreement(current: SharingAgreement, cause: Cause): NewVersion | undefined {
  if (current.endedAt) return undefined;
  const agreement = next({ ...current, endedAt: cause.at }, cause);
  return { agreement, change: changed(agreement, 'ENDED', cause) };
}

/** Whether the agreement holds at a moment: from `validFrom` on, until `validUntil` or its end. */
export function isInForce({ endedAt, validFrom, validUntil }: SharingAgreement, now: string): boolean {
  return !endedAt && validFrom <= now && now < validUntil;
}

/**
 * Whether an event is shared under the agreement. An update of a profile is when it changed a field that the agreement
 * lists: to hear that anything else changed would be to hear of it.
 */
export function covers(agreement: SharingAgreement, { type, data }: Envelope, now: string): boolean {
  if (!isShareableEvent(type) || !agreement.events.includes(type) || !isInForce(agreement, now)) return false;
  if (!('changedFields' in data)) return true;
  return agreement.fields.some((name) => {
    const profileField = shareableField(name)?.profileField;
    return profileField !== undefined && data.changedFields.includes(profileField);
  });
}

/** The fields of an agreement that an event has a record for. */
export function fieldsFor({ fields }: SharingAgreement, { type }: Envelope): string[] {
  if (!isShareableEvent(type)) return [];
  const records: readonly string[] = shareableEvents[type].records;
  return fields.filter((name) => shareableField(name) && records.includes(recordOf(name)));
}

function next(agreement: SharingAgreement, { at, actor }: Cause): SharingAgreement {
  return { ...agreement, updatedAt: at, updatedBy: actor, version: agreement.version + 1 };
}

function changed(
  { id, partnerId, version }: SharingAgreement,
  change: 'CREATED' | 'UPDATED' | 'ENDED',
  cause: Cause,
): Change {
  return stamp(cause, {
    type: 'crm.agreement.changed.v1',
    subject: id,
    sequence: version,
    data: { agreementId: id, partnerId, version, change },
  });
}

function checkPeriod({ validFrom, validUntil }: Terms): void {
  if (validUntil > validFrom) return;
  throw new Refusal(
    'INPUT.INVALID',
    `validUntil: ${validUntil} is not after validFrom, ${validFrom}: it would hold at no time`,
    { field: 'validUntil', value: validUntil },
  );
}
