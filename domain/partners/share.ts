/** That something about a customer was shared with a partner. It is recorded once, before it leaves, and stays. */
export interface Share {
  /** The id of the event that the partner gets. */
  readonly id: string;
  readonly customerId: string;
  readonly partnerId: string;
  readonly agreementId: string;
  readonly agreementVersion: number;
  /** Why, as that version of the agreement says. */
  readonly purpose: string;
  /** The event of the firm. */
  readonly event: string;
  /** What it happened to. */
  readonly subjectId: string;
  /** The fields that leave; their values stay where they are. */
  readonly fields: readonly string[];
  readonly sharedAt: string;
}
