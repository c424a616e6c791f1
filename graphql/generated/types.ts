export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  AWSDateTime: { input: string; output: string; }
  AWSJSON: { input: string; output: string; }
};

/** What happened to a customer. */
export type ActivityKind =
  | 'CUSTOMER_CREATED'
  | 'CUSTOMER_UPDATED'
  | 'INTERACTION_LOGGED'
  | 'ORDER_PLACED'
  | 'SCORE_CHANGED';

/** A postal address. */
export type Address = {
  /** Town or city. */
  readonly city?: Maybe<Scalars['String']['output']>;
  /** ISO 3166-1 alpha-2 code: `GB`. */
  readonly country?: Maybe<Scalars['String']['output']>;
  /** Street and number, one line each. */
  readonly lines?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Postal code, as the country writes it. */
  readonly postalCode?: Maybe<Scalars['String']['output']>;
  /** County, state or province. */
  readonly region?: Maybe<Scalars['String']['output']>;
};

/** A postal address; what is left out is empty. */
export type AddressInput = {
  /** Town or city. */
  readonly city?: InputMaybe<Scalars['String']['input']>;
  /** ISO 3166-1 alpha-2 code: `GB`. */
  readonly country?: InputMaybe<Scalars['String']['input']>;
  /** Street and number, one line each; at most 5. */
  readonly lines?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Postal code, as the country writes it. */
  readonly postalCode?: InputMaybe<Scalars['String']['input']>;
  /** County, state or province. */
  readonly region?: InputMaybe<Scalars['String']['input']>;
};

/** The way a contact took. */
export type Channel =
  | 'EMAIL'
  | 'FORUM'
  | 'IN_STORE'
  | 'LETTER'
  | 'LIVE_CHAT'
  | 'MAILING'
  | 'PHONE'
  | 'SMS'
  | 'SOCIAL'
  | 'WEB';

/** A customer to add. */
export type CreateCustomerInput = {
  /** Where the customer lives or has its seat. */
  readonly address?: InputMaybe<AddressInput>;
  /** Chosen by the client, up to 128 characters: a retry with the same id and input gives the customer that the first made. */
  readonly clientRequestId?: InputMaybe<Scalars['String']['input']>;
  /** Family name of a person. */
  readonly familyName?: InputMaybe<Scalars['String']['input']>;
  /** Given name of a person. */
  readonly givenName?: InputMaybe<Scalars['String']['input']>;
  /** By what the customer is recognised; at most 50. */
  readonly identities?: InputMaybe<ReadonlyArray<IdentityInput>>;
  /** A person or a company. */
  readonly kind: CustomerKind;
  /** BCP 47 tag of the language to address the customer in. */
  readonly language?: InputMaybe<Scalars['String']['input']>;
  /** What the customer is called in lists; at most 256 characters. */
  readonly name: Scalars['String']['input'];
  /** The caller when left out. */
  readonly ownerId?: InputMaybe<Scalars['ID']['input']>;
  /** The caller's first team when left out. */
  readonly team?: InputMaybe<Scalars['String']['input']>;
};

/** Customers to add. */
export type CreateCustomersInput = {
  /** At most 100. */
  readonly customers: ReadonlyArray<CreateCustomerInput>;
};

/** Whom the firm serves or wants to serve: a person or a company. */
export type Customer = Node & {
  /** Where the customer lives or has its seat. */
  readonly address?: Maybe<Address>;
  /** When the customer was added. */
  readonly createdAt: Scalars['AWSDateTime']['output'];
  /** Family name of a person. */
  readonly familyName?: Maybe<Scalars['String']['output']>;
  /** Given name of a person. */
  readonly givenName?: Maybe<Scalars['String']['output']>;
  /** `cus_` and 26 characters. */
  readonly id: Scalars['ID']['output'];
  /** At most 50. */
  readonly identities: ReadonlyArray<Identity>;
  /** A person or a company. */
  readonly kind: CustomerKind;
  /** BCP 47 tag of the language to address the customer in: `en`, `it-CH`. */
  readonly language?: Maybe<Scalars['String']['output']>;
  /** What the customer is called in lists; people and companies alike. */
  readonly name: Scalars['String']['output'];
  /** What the customer ordered and returned, latest first. */
  readonly orders?: Maybe<OrderConnection>;
  /** The user who looks after the customer. */
  readonly ownerId?: Maybe<Scalars['ID']['output']>;
  /** What the customer's behaviour amounts to; null until there is any. */
  readonly score?: Maybe<Score>;
  /** The team that looks after the customer. */
  readonly team?: Maybe<Scalars['String']['output']>;
  /** What was said to and by the customer, latest first. */
  readonly timeline?: Maybe<InteractionConnection>;
  /** When the profile last changed. */
  readonly updatedAt: Scalars['AWSDateTime']['output'];
  /** Counts the changes of the profile; pass it as `expectedVersion` to change only what you have seen. */
  readonly version: Scalars['Int']['output'];
};


/** Whom the firm serves or wants to serve: a person or a company. */
export type CustomerOrdersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Whom the firm serves or wants to serve: a person or a company. */
export type CustomerTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** What a screen about one customer shows, read together. */
export type Customer360 = {
  /** The profile. */
  readonly customer: Customer;
  /** The latest 20 orders and returns, latest first. */
  readonly orders: ReadonlyArray<Order>;
  /** The score; null until there is any. */
  readonly score?: Maybe<Score>;
  /** The latest 20 interactions, latest first; fewer where bodies are selected that are too long for one answer. */
  readonly timeline: ReadonlyArray<Interaction>;
};

/** That something about a customer changed: nothing personal, fetch the rest with `node(id)`. */
export type CustomerActivity = {
  /** Of an interaction. */
  readonly channel?: Maybe<Channel>;
  /** The customer whom it concerns. */
  readonly customerId: Scalars['ID']['output'];
  /** Of an interaction. */
  readonly direction?: Maybe<Direction>;
  /** The id of what changed: a customer, an interaction, an order; the customer's for a score. */
  readonly id: Scalars['ID']['output'];
  /** What happened. */
  readonly kind: ActivityKind;
  /** When it happened. */
  readonly occurredAt: Scalars['AWSDateTime']['output'];
  /** The version of what changed. */
  readonly version: Scalars['Int']['output'];
};

/** Internal: what to tell the subscribers of a customer. */
export type CustomerActivityInput = {
  /** True when others may read the customer now: all subscriptions to it end, and who still may starts again. */
  readonly accessChanged?: InputMaybe<Scalars['Boolean']['input']>;
  /** Of an interaction. */
  readonly channel?: InputMaybe<Channel>;
  /** The customer whom it concerns. */
  readonly customerId: Scalars['ID']['input'];
  /** Of an interaction. */
  readonly direction?: InputMaybe<Direction>;
  /** The id of what changed. */
  readonly id: Scalars['ID']['input'];
  /** What happened. */
  readonly kind: ActivityKind;
  /** When it happened. */
  readonly occurredAt: Scalars['AWSDateTime']['input'];
  /** The version of what changed. */
  readonly version: Scalars['Int']['input'];
};

/** The results of a batch, in the order of the input. */
export type CustomerBatch = {
  /** One a row. */
  readonly results: ReadonlyArray<CustomerResult>;
};

/** A page of customers. */
export type CustomerConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<CustomerEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Customer>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One customer in a page. */
export type CustomerEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: Customer;
};

/** Whether a customer is one person (B2C) or a firm (B2B). */
export type CustomerKind =
  | 'COMPANY'
  | 'PERSON';

/** What became of a row: either the customer or the error. */
export type CustomerResult = {
  /** The customer as it is now; null when the row was refused. */
  readonly customer?: Maybe<Customer>;
  /** Why the row was refused; null when it was taken. */
  readonly error?: Maybe<RowError>;
  /** The row's place in the input, from 0. */
  readonly index: Scalars['Int']['output'];
};

/** Who turned to whom. */
export type Direction =
  /** From the customer to the firm. */
  | 'INBOUND'
  /** From the firm to the customer. */
  | 'OUTBOUND';

/** Something by which a customer is recognised. */
export type Identity = {
  /** What sort of identity it is. */
  readonly kind: IdentityKind;
  /** The other system, for an external id; else null. */
  readonly source?: Maybe<Scalars['String']['output']>;
  /** The e-mail address, the phone number, or the id. */
  readonly value: Scalars['String']['output'];
};

/** An identity to find a customer by, or to give one. */
export type IdentityInput = {
  /** What sort of identity it is. */
  readonly kind: IdentityKind;
  /** Which system the external id comes from; required for EXTERNAL_ID and refused for the others. */
  readonly source?: InputMaybe<Scalars['String']['input']>;
  /** The e-mail address, the phone number in E.164, or the id. */
  readonly value: Scalars['String']['input'];
};

/** By what a customer is recognised. Each identity belongs to one customer at most. */
export type IdentityKind =
  /** An e-mail address; case does not matter. */
  | 'EMAIL'
  /** The customer's id in another system, which `source` names. */
  | 'EXTERNAL_ID'
  /** A phone number in E.164: `+441632960001`. */
  | 'PHONE';

/** One contact with a customer, on any channel, either way. */
export type Interaction = Node & {
  /** What was said; at most 100,000 bytes. */
  readonly body?: Maybe<Scalars['String']['output']>;
  /** The way the contact took. */
  readonly channel: Channel;
  /** With whom. */
  readonly customerId: Scalars['ID']['output'];
  /** Who turned to whom. */
  readonly direction: Direction;
  /** `int_`, the customer's 26 characters and 26 of its own. */
  readonly id: Scalars['ID']['output'];
  /** When it was recorded. */
  readonly loggedAt: Scalars['AWSDateTime']['output'];
  /** The user who recorded it. */
  readonly loggedBy: Scalars['ID']['output'];
  /** When the contact took place. */
  readonly occurredAt: Scalars['AWSDateTime']['output'];
  /** At most 256 characters. */
  readonly subject?: Maybe<Scalars['String']['output']>;
  /** Counts the changes of this interaction. */
  readonly version: Scalars['Int']['output'];
};

/** The results of a batch, in the order of the input. */
export type InteractionBatch = {
  /** One a row. */
  readonly results: ReadonlyArray<InteractionResult>;
};

/** A page of a timeline. */
export type InteractionConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<InteractionEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Interaction>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One interaction in a page. */
export type InteractionEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: Interaction;
};

/** What became of a row: either the interaction or the error. */
export type InteractionResult = {
  /** Why the row was refused; null when it was taken. */
  readonly error?: Maybe<RowError>;
  /** The row's place in the input, from 0. */
  readonly index: Scalars['Int']['output'];
  /** The interaction; null when the row was refused. */
  readonly interaction?: Maybe<Interaction>;
};

/** A contact to record. */
export type LogInteractionInput = {
  /** What was said; at most 100,000 bytes. */
  readonly body?: InputMaybe<Scalars['String']['input']>;
  /** The way the contact took. */
  readonly channel: Channel;
  /** Chosen by the client, up to 128 characters: a retry with the same id, customer and moment gives what the first made. Needs `occurredAt`. */
  readonly clientRequestId?: InputMaybe<Scalars['String']['input']>;
  /** With whom. */
  readonly customerId: Scalars['ID']['input'];
  /** Who turned to whom. */
  readonly direction: Direction;
  /** Now when left out; at most a day ahead. */
  readonly occurredAt?: InputMaybe<Scalars['AWSDateTime']['input']>;
  /** At most 256 characters. */
  readonly subject?: InputMaybe<Scalars['String']['input']>;
};

/** Contacts to record. */
export type LogInteractionsInput = {
  /** At most 100. */
  readonly interactions: ReadonlyArray<LogInteractionInput>;
};

/** An amount of money, exact: never a floating-point number. */
export type Money = {
  /** The amount as a decimal, with the currency's own number of decimals: `1234.50`. */
  readonly amount: Scalars['String']['output'];
  /** ISO 4217 code: `GBP`. */
  readonly currency: Scalars['String']['output'];
};

export type Mutation = {
  /** Internal: tells the subscribers of a customer that something changed. Called by the stack itself, with IAM. */
  readonly _publishCustomerActivity?: Maybe<CustomerActivity>;
  /** Adds a customer. */
  readonly createCustomer?: Maybe<Customer>;
  /** Adds up to 100 customers; each row has its own result. */
  readonly createCustomers?: Maybe<CustomerBatch>;
  /** Records one contact with a customer. */
  readonly logInteraction?: Maybe<Interaction>;
  /** Records up to 100 contacts; each row has its own result. */
  readonly logInteractions?: Maybe<InteractionBatch>;
  /** Records an order or a return. The same source and external id again gives the order that is there. */
  readonly placeOrder?: Maybe<Order>;
  /** Records up to 100 orders; each row has its own result. */
  readonly placeOrders?: Maybe<OrderBatch>;
  /** Changes a customer. What is left out stays; what is null is cleared. */
  readonly updateCustomer?: Maybe<Customer>;
  /** Changes up to 100 customers; each row has its own result. */
  readonly updateCustomers?: Maybe<CustomerBatch>;
};


export type Mutation_PublishCustomerActivityArgs = {
  input: CustomerActivityInput;
};


export type MutationCreateCustomerArgs = {
  input: CreateCustomerInput;
};


export type MutationCreateCustomersArgs = {
  input: CreateCustomersInput;
};


export type MutationLogInteractionArgs = {
  input: LogInteractionInput;
};


export type MutationLogInteractionsArgs = {
  input: LogInteractionsInput;
};


export type MutationPlaceOrderArgs = {
  input: PlaceOrderInput;
};


export type MutationPlaceOrdersArgs = {
  input: PlaceOrdersInput;
};


export type MutationUpdateCustomerArgs = {
  input: UpdateCustomerInput;
};


export type MutationUpdateCustomersArgs = {
  input: UpdateCustomersInput;
};

/** Whatever can be fetched again by its id alone. The prefix of an id tells its type: `usr_`, `cus_`, `int_`, `ord_`. */
export type Node = {
  /** The id, unique over all types. */
  readonly id: Scalars['ID']['output'];
};

/** An order or a return, from whatever system took it. */
export type Order = Node & {
  /** Who ordered. */
  readonly customerId: Scalars['ID']['output'];
  /** The order's id in that system; the same source and external id is the same order. */
  readonly externalId: Scalars['String']['output'];
  /** `ord_` and 26 characters that follow from source and external id. */
  readonly id: Scalars['ID']['output'];
  /** A sale or a return. */
  readonly kind: OrderKind;
  /** How many lines the order has. */
  readonly lineCount: Scalars['Int']['output'];
  /** The lines, in the order of their numbers. */
  readonly lines?: Maybe<OrderLineConnection>;
  /** When the order was placed. */
  readonly placedAt: Scalars['AWSDateTime']['output'];
  /** When it was recorded. */
  readonly recordedAt: Scalars['AWSDateTime']['output'];
  /** The system that took the order. */
  readonly source: Scalars['String']['output'];
  /** The sum of all lines, rounded once, half up; negative for a return. */
  readonly total: Money;
  /** Counts the changes of this order. */
  readonly version: Scalars['Int']['output'];
};


/** An order or a return, from whatever system took it. */
export type OrderLinesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** The results of a batch, in the order of the input. */
export type OrderBatch = {
  /** One a row. */
  readonly results: ReadonlyArray<OrderResult>;
};

/** A page of orders. */
export type OrderConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<OrderEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Order>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One order in a page. */
export type OrderEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: Order;
};

/** Whether goods went to the customer or came back. */
export type OrderKind =
  /** A return or cancellation: its quantities are negative, its total is subtracted from what the customer is worth. */
  | 'RETURN'
  | 'SALE';

/** A line of an order, as it stood in its source: equal lines are kept apart. */
export type OrderLine = {
  /** The product's code in the order's source; the charge's for a charge. */
  readonly code: Scalars['String']['output'];
  /** What the source calls it. */
  readonly description?: Maybe<Scalars['String']['output']>;
  /** A product or a charge. */
  readonly kind: OrderLineKind;
  /** From 1, in the order of the input. */
  readonly number: Scalars['Int']['output'];
  /** A decimal; negative for goods that came back. */
  readonly quantity: Scalars['String']['output'];
  /** A decimal in the order's currency, with all its decimals. */
  readonly unitPrice: Scalars['String']['output'];
};

/** A page of the lines of an order. */
export type OrderLineConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<OrderLineEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<OrderLine>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One line in a page. */
export type OrderLineEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: OrderLine;
};

/** A line to record. */
export type OrderLineInput = {
  /** The product's or the charge's code; at most 64 characters. */
  readonly code: Scalars['String']['input'];
  /** What the source calls it; at most 256 characters. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** PRODUCT when left out. */
  readonly kind?: InputMaybe<OrderLineKind>;
  /** A decimal other than zero: `6`, `-1`, `0.250`. */
  readonly quantity: Scalars['String']['input'];
  /** A decimal, not negative: `2.55`, `0.001`. */
  readonly unitPrice: Scalars['String']['input'];
};

/** Whether a line is about goods or about something around them. */
export type OrderLineKind =
  /** Postage, a fee, a discount, a manual correction: money, but no product. */
  | 'CHARGE'
  | 'PRODUCT';

/** What became of a row: either the order or the error. */
export type OrderResult = {
  /** True when this call recorded the order; false when it was there already. */
  readonly created?: Maybe<Scalars['Boolean']['output']>;
  /** Why the row was refused; null when it was taken. */
  readonly error?: Maybe<RowError>;
  /** The row's place in the input, from 0. */
  readonly index: Scalars['Int']['output'];
  /** The order; null when the row was refused. */
  readonly order?: Maybe<Order>;
};

/** Where a page of a connection stands. */
export type PageInfo = {
  /** Cursor of the last edge of this page: pass it as `after` to get the next page. Opaque, and good for this list only. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** True when there is a further page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
};

/** An order or a return to record. Source and external id make it safe to send again. */
export type PlaceOrderInput = {
  /** ISO 4217 code: `GBP`. */
  readonly currency: Scalars['String']['input'];
  /** Who ordered. */
  readonly customerId: Scalars['ID']['input'];
  /** The order's id in that system; at most 128 characters. */
  readonly externalId: Scalars['String']['input'];
  /** A sale or a return. */
  readonly kind: OrderKind;
  /** 1 to 1,000 lines. */
  readonly lines: ReadonlyArray<OrderLineInput>;
  /** When the order was placed; at most a day ahead. */
  readonly placedAt: Scalars['AWSDateTime']['input'];
  /** The system that took the order; at most 64 characters. */
  readonly source: Scalars['String']['input'];
};

/** Orders to record. */
export type PlaceOrdersInput = {
  /** At most 100. */
  readonly orders: ReadonlyArray<PlaceOrderInput>;
};

export type Query = {
  /** A customer by id; null when there is none, or the caller may not read it. */
  readonly customer?: Maybe<Customer>;
  /** What a screen about one customer needs, in one read: profile, score, latest 20 of the timeline, latest 20 orders. */
  readonly customer360?: Maybe<Customer360>;
  /** The customer who has this identity: who is calling, who wrote this mail, who is 17850 in the shop. */
  readonly customerByIdentity?: Maybe<Customer>;
  /** The customers of an owner, by name; of the caller when no owner is given. */
  readonly customers?: Maybe<CustomerConnection>;
  /** The user who asks. */
  readonly me?: Maybe<User>;
  /** Any one thing by its id; null when there is none, or the caller may not read it. */
  readonly node?: Maybe<Node>;
};


export type QueryCustomerArgs = {
  id: Scalars['ID']['input'];
};


export type QueryCustomer360Args = {
  id: Scalars['ID']['input'];
};


export type QueryCustomerByIdentityArgs = {
  identity: IdentityInput;
};


export type QueryCustomersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  ownerId?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};

/** Why a row of a batch was refused. The other rows are not affected. */
export type RowError = {
  /** The stable code, as in the errors of the single mutations: `CUSTOMER.EMAIL_TAKEN`. */
  readonly code: Scalars['String']['output'];
  /** What a program needs to act: the field, the current version, the id of who has it. */
  readonly info?: Maybe<Scalars['AWSJSON']['output']>;
  /** What is wrong and what to do about it. */
  readonly message: Scalars['String']['output'];
};

/** What a customer's behaviour amounts to, kept up to date by every interaction and order. */
export type Score = {
  /** Whose score it is. */
  readonly customerId: Scalars['ID']['output'];
  /** Engagement now: points of every interaction and sale, halved with every half-life that has passed since. */
  readonly engagement: Scalars['Float']['output'];
  /** Number of sales; returns do not count (the F of RFM). */
  readonly frequency: Scalars['Int']['output'];
  /** When the last sale was placed. */
  readonly lastOrderAt?: Maybe<Scalars['AWSDateTime']['output']>;
  /** What sales less returns came to, by currency (the M of RFM). */
  readonly monetary: ReadonlyArray<Money>;
  /** Days since the last sale, in full; null when there was none (the R of RFM). */
  readonly recencyDays?: Maybe<Scalars['Int']['output']>;
  /** Counts the changes of the score. */
  readonly version: Scalars['Int']['output'];
};

export type Subscription = {
  /** Says that something about a customer changed, not what: fetch it with `node(id)`. Best effort; refetch on reconnect. Ends when the customer gets another owner or team; who still may, starts again. */
  readonly onCustomerActivity?: Maybe<CustomerActivity>;
};


export type SubscriptionOnCustomerActivityArgs = {
  customerId: Scalars['ID']['input'];
};

/** Changes to a customer: what is left out stays, what is null is cleared. */
export type UpdateCustomerInput = {
  /** Identities that the customer is to have as well. */
  readonly addIdentities?: InputMaybe<ReadonlyArray<IdentityInput>>;
  /** Replaces the whole address. */
  readonly address?: InputMaybe<AddressInput>;
  /** Chosen by the client, up to 128 characters: a retry with the same id and input changes nothing more. */
  readonly clientRequestId?: InputMaybe<Scalars['String']['input']>;
  /** The version the client has seen; another one is refused with `CUSTOMER.VERSION_STALE` and the current version. */
  readonly expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Family name of a person. */
  readonly familyName?: InputMaybe<Scalars['String']['input']>;
  /** Given name of a person. */
  readonly givenName?: InputMaybe<Scalars['String']['input']>;
  /** The customer to change. */
  readonly id: Scalars['ID']['input'];
  /** A person or a company. */
  readonly kind?: InputMaybe<CustomerKind>;
  /** BCP 47 tag of the language to address the customer in. */
  readonly language?: InputMaybe<Scalars['String']['input']>;
  /** What the customer is called in lists; at most 256 characters. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** The user who is to look after the customer. */
  readonly ownerId?: InputMaybe<Scalars['ID']['input']>;
  /** Identities that the customer gives up. */
  readonly removeIdentities?: InputMaybe<ReadonlyArray<IdentityInput>>;
  /** The team that is to look after the customer. */
  readonly team?: InputMaybe<Scalars['String']['input']>;
};

/** Changes to customers. */
export type UpdateCustomersInput = {
  /** At most 100, each customer once. */
  readonly customers: ReadonlyArray<UpdateCustomerInput>;
};

/** A person or a program of the firm that signs in. */
export type User = Node & {
  /** What the user may do: admin, sales, marketing, service, analyst, integration. */
  readonly groups: ReadonlyArray<Scalars['String']['output']>;
  /** `usr_` and the subject of the user pool. */
  readonly id: Scalars['ID']['output'];
  /** The teams the user works in; who sees by team sees the customers of these. */
  readonly teams: ReadonlyArray<Scalars['String']['output']>;
  /** The name to sign in with. */
  readonly username: Scalars['String']['output'];
};
