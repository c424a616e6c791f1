/** A customer as it was asked for. */
export interface FakeCustomer {
  readonly id: string;
  readonly clientRequestId: string;
  readonly kind: string;
  readonly name: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly language?: string;
  readonly identities: readonly FakeIdentity[];
  readonly address?: Readonly<Record<string, unknown>>;
  readonly attributes?: string;
  readonly via?: string;
  readonly version: number;
}

export interface FakeIdentity {
  readonly kind: string;
  readonly value: string;
  readonly source?: string;
}

/** A statement of consent as it was asked for. */
export interface FakeConsent {
  readonly clientRequestId: string;
  readonly customerId: string;
  readonly purpose: string;
  readonly basis: string;
  readonly proof: string;
  readonly statedAt: string;
  readonly via: string;
}

/** A product as it was asked for. */
export interface FakeProduct {
  readonly source: string;
  readonly code: string;
  readonly name: string;
}

/** An order as it was asked for. */
export interface FakeOrder {
  readonly customerId: string;
  readonly source: string;
  readonly externalId: string;
  readonly kind: string;
  readonly placedAt: string;
  readonly currency: string;
  readonly via?: string;
  readonly lines: readonly {
    kind: string;
    code: string;
    description?: string;
    quantity: string;
    unitPrice: string;
  }[];
}

/** What a test makes go wrong. */
export interface Faults {
  /** Answers a request in place of the API: the status and the body, or `cut` to drop the connection. */
  onRequest?: (count: number) => { status: number; body: unknown } | 'cut' | undefined;
  /** Refuses a row. */
  onOrder?: (order: FakeOrder) => { code: string; message: string } | undefined;
  /** Refuses a row. */
  onConsent?: (consent: FakeConsent) => { code: string; message: string } | undefined;
  /** Refuses a row. */
  onUpdate?: (update: FakeUpdate) => { code: string; message: string } | undefined;
}

/** An update as it was asked for. */
export interface FakeUpdate extends Partial<FakeCustomer> {
  readonly id: string;
  readonly expectedVersion: number;
  readonly addIdentities?: readonly FakeIdentity[];
}
