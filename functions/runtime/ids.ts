import { ulid } from 'ulid';

/** An id for what nobody has to derive again: a change, a request. */
export const freshId = (): string => ulid();
