/**
 * Every refusal that a client can get, by its stable code. Codes are never renamed or reused; clients decide by the
 * code, people read the message that comes with it.
 */
export const errorCatalogue = {
  'AGREEMENT.ENDED': 'The sharing agreement was ended and stays as it was; `endedAt` says when.',
  'AGREEMENT.LIMIT': 'The tenant has as many sharing agreements that were not ended as there may be.',
  'AGREEMENT.NOT_FOUND': 'There is no such sharing agreement.',
  'AGREEMENT.VERSION_STALE': 'The agreement has changed since; `version` is the current one.',
  'ACCESS.DENIED': 'The caller may not do this, or not with this customer.',
  'BATCH.SIZE': 'A batch has no row, or more than 100.',
  'CURSOR.INVALID': 'The cursor was not made by this list.',
  'CUSTOMER.BUSY':
    'Too many changes or reads of this customer, or of what else it is about, at the same time; `retryAfterMs` says when to try again.',
  'CUSTOMER.IDENTITY_LIMIT': 'A customer has at most 50 identities.',
  'CUSTOMER.IDENTITY_TAKEN': 'Another customer has this external id; `customerId` says which.',
  'CUSTOMER.EMAIL_TAKEN': 'Another customer has this e-mail address; `customerId` says which.',
  'CUSTOMER.PHONE_TAKEN': 'Another customer has this phone number; `customerId` says which.',
  'CUSTOMER.NOT_FOUND': 'There is no such customer.',
  'CUSTOMER.VERSION_STALE': 'The customer has changed since; `version` is the current one.',
  'CUSTOMER.CONSENT_LIMIT': 'A customer has at most 200 different consents in force.',
  'INPUT.INVALID': 'A value is not of the form that its field asks for; `field` and `value` say which.',
  INTERNAL: 'Something went wrong on our side; `correlationId` finds it in the logs.',
  'ORDER.EXTERNAL_ID_TAKEN':
    'The source and external id belong to an order with other content; `orderId` says which.',
  'NOTIFICATION.NOT_FOUND': 'The caller has no such notification.',
  'ORDER.NOT_FOUND': 'There is no such order.',
  'ORDER.RATE_UNKNOWN':
    'The order is in a currency for which neither it nor the tenant gives a rate; `value` says which.',
  'ORDER.STATE_FINAL': 'The order is fulfilled or cancelled and stays so; `state` says which.',
  'ORDER.VERSION_STALE': 'The order has changed since; `version` is the current one.',
  'PARTNER.NOT_FOUND': 'The tenant has no such partner.',
  'PRODUCT.VERSION_STALE': 'The product has changed since; `version` is the current one.',
  'REQUEST.ID_REUSED': 'The clientRequestId was used with another input.',
  'TEAM.NOT_FOUND': 'The tenant has no such team.',
  'USER.EXISTS': 'There is a user of this name or e-mail address already.',
  'USER.LAST_ADMIN': 'It would leave the firm without an admin who can sign in.',
  'USER.NOT_FOUND': 'There is no such user.',
} as const;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** What a program needs to act on a refusal: the field, the value, the current version, who has it. */
export type ErrorInfo = Readonly<Record<string, unknown>>;

/** A request that is refused for a reason its sender can act on. Nothing was changed. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly info: ErrorInfo;

  constructor(code: ErrorCode, message: string, info: ErrorInfo = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.info = info;
  }
}

/** Recognises a refusal by its shape, since each bundle has a class of its own. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && error.name === 'Refusal' && 'code' in error;
}
