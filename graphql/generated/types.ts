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
  | 'CONSENT_RECORDED'
  | 'CUSTOMER_CREATED'
  | 'CUSTOMER_UPDATED'
  | 'INTERACTION_LOGGED'
  /** An order was fulfilled or cancelled. */
  | 'ORDER_CHANGED'
  | 'ORDER_PLACED'
  | 'SCORE_CHANGED'
  /** The customer is in another stage of the life cycle. */
  | 'STAGE_CHANGED'
  /** Engagement rose above, or fell below, a threshold of the tenant. */
  | 'THRESHOLD_CROSSED';

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

/** A statement of consent. It is recorded once and stays; of all that cover a purpose, channel and partner, the latest counts. */
export type Consent = Node & {
  /** On what it rests; null for a withdrawal. */
  readonly basis?: Maybe<LegalBasis>;
  /** On which channel; on all when null. */
  readonly channel?: Maybe<Channel>;
  /** Whose consent it is. */
  readonly customerId: Scalars['ID']['output'];
  /** `con_`, the customer's 26 characters and 26 of its own. */
  readonly id: Scalars['ID']['output'];
  /** For SHARING: with which partner; with all when null. */
  readonly partnerId?: Maybe<Scalars['ID']['output']>;
  /** Where it can be looked up: a form, a call, a web page with its version. */
  readonly proof?: Maybe<Scalars['String']['output']>;
  /** For what. */
  readonly purpose: ConsentPurpose;
  /** When it was recorded. */
  readonly recordedAt: Scalars['AWSDateTime']['output'];
  /** Who recorded it. */
  readonly recordedBy: Scalars['ID']['output'];
  /** Granted or withdrawn. */
  readonly state: ConsentState;
  /** When the customer said so. */
  readonly statedAt: Scalars['AWSDateTime']['output'];
  /** Counts the changes of this statement: always 1. */
  readonly version: Scalars['Int']['output'];
  /** Whether it came by the API or by an import. */
  readonly via: Via;
};

/** The results of a batch, in the order of the input. */
export type ConsentBatch = {
  /** One a row. */
  readonly results: ReadonlyArray<ConsentResult>;
};

/** A page of statements of consent. */
export type ConsentConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<ConsentEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Consent>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One statement in a page. */
export type ConsentEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: Consent;
};

/** What the firm may be allowed to do with what it knows of a customer. */
export type ConsentPurpose =
  /** Learn from the customer's behaviour. */
  | 'ANALYTICS'
  /** Win and keep the customer: offers, news, invitations. */
  | 'MARKETING'
  /** Serve the customer: confirmations, appointments, answers. */
  | 'SERVICE'
  /** Give data to firms of the supply chain. */
  | 'SHARING';

/** What became of a row: either the statement or the error. */
export type ConsentResult = {
  /** The statement; null when the row was refused. */
  readonly consent?: Maybe<Consent>;
  /** Why the row was refused; null when it was taken. */
  readonly error?: Maybe<RowError>;
  /** The row's place in the input, from 0. */
  readonly index: Scalars['Int']['output'];
};

/** What a statement of consent says. */
export type ConsentState =
  | 'GRANTED'
  | 'WITHDRAWN';

/** A customer to add. */
export type CreateCustomerInput = {
  /** Where the customer lives or has its seat. */
  readonly address?: InputMaybe<AddressInput>;
  /** Custom attributes: an object of at most 50 names to texts, numbers, booleans and lists of texts; at most 16 KB. */
  readonly attributes?: InputMaybe<Scalars['AWSJSON']['input']>;
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
  /** How the customer wants to be treated. */
  readonly preferences?: InputMaybe<PreferencesInput>;
  /** One of the firm's teams; the caller's first team when left out. */
  readonly team?: InputMaybe<Scalars['String']['input']>;
  /** IMPORT for what another system knew before; for admins and integrations. API when left out. */
  readonly via?: InputMaybe<Via>;
};

/** Customers to add. */
export type CreateCustomersInput = {
  /** At most 100. */
  readonly customers: ReadonlyArray<CreateCustomerInput>;
};

/** An agreement to make. */
export type CreateSharingAgreementInput = {
  /** Chosen by the client, up to 128 characters: a retry with the same id and input gives the agreement that the first made. */
  readonly clientRequestId?: InputMaybe<Scalars['String']['input']>;
  /** The events that are shared. */
  readonly events: ReadonlyArray<Scalars['String']['input']>;
  /** The fields that are shared, and no others. */
  readonly fields: ReadonlyArray<Scalars['String']['input']>;
  /** The partner. */
  readonly partnerId: Scalars['ID']['input'];
  /** Why the partner gets it; at most 256 characters. */
  readonly purpose: Scalars['String']['input'];
  /** From when it holds: now when left out. */
  readonly validFrom?: InputMaybe<Scalars['AWSDateTime']['input']>;
  /** Until when it holds. */
  readonly validUntil: Scalars['AWSDateTime']['input'];
};

/** Whom the firm serves or wants to serve: a person or a company. */
export type Customer = Node & {
  /** Where the customer lives or has its seat. */
  readonly address?: Maybe<Address>;
  /** What the firm knows beside all that, as an object of names to texts, numbers, booleans and lists of texts. */
  readonly attributes?: Maybe<Scalars['AWSJSON']['output']>;
  /** Every statement of consent ever recorded, latest first. */
  readonly consentHistory?: Maybe<ConsentConnection>;
  /** What the customer has consented to or withdrawn, as it stands: one for each purpose, channel and partner. */
  readonly consents?: Maybe<ReadonlyArray<Consent>>;
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
  /** What the firm sent the customer by itself, latest first. */
  readonly messages?: Maybe<MessageConnection>;
  /** What the customer is called in lists; people and companies alike. */
  readonly name: Scalars['String']['output'];
  /** What the customer ordered and returned, latest first. */
  readonly orders?: Maybe<OrderConnection>;
  /** The user who looks after the customer. */
  readonly ownerId?: Maybe<Scalars['ID']['output']>;
  /** How the customer wants to be treated. */
  readonly preferences?: Maybe<Preferences>;
  /** What the customer's behaviour amounts to; null until there is any. */
  readonly score?: Maybe<Score>;
  /** What was shared with partners, latest first. */
  readonly shares?: Maybe<ShareConnection>;
  /** The team that looks after the customer. */
  readonly team?: Maybe<Scalars['String']['output']>;
  /** What was said to and by the customer, latest first. */
  readonly timeline?: Maybe<InteractionConnection>;
  /** When the profile last changed. */
  readonly updatedAt: Scalars['AWSDateTime']['output'];
  /** Counts the changes of the profile; pass it as `expectedVersion` to change only what you have seen. */
  readonly version: Scalars['Int']['output'];
  /** Whether the customer came by the API or by an import. */
  readonly via: Via;
};


/** Whom the firm serves or wants to serve: a person or a company. */
export type CustomerConsentHistoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Whom the firm serves or wants to serve: a person or a company. */
export type CustomerMessagesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Whom the firm serves or wants to serve: a person or a company. */
export type CustomerOrdersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Whom the firm serves or wants to serve: a person or a company. */
export type CustomerSharesArgs = {
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
  /** What the customer has consented to or withdrawn, as it stands. */
  readonly consents: ReadonlyArray<Consent>;
  /** The profile. */
  readonly customer: Customer;
  /** The orders that are open, latest first; at most 20. */
  readonly openOrders: ReadonlyArray<Order>;
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
  /** The id of what changed: a customer, a consent, an interaction, an order; the customer's for a score, a stage and a threshold. */
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

/** An agreement to end at once. */
export type EndSharingAgreementInput = {
  /** The agreement. */
  readonly id: Scalars['ID']['input'];
};

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
  /** The user who had the contact on the firm's side. */
  readonly agentId?: Maybe<Scalars['ID']['output']>;
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
  /** The store or branch where it took place. */
  readonly storeId?: Maybe<Scalars['String']['output']>;
  /** At most 256 characters. */
  readonly subject?: Maybe<Scalars['String']['output']>;
  /** The conversation it belongs to, as the client names it. */
  readonly threadId?: Maybe<Scalars['String']['output']>;
  /** Counts the changes of this interaction. */
  readonly version: Scalars['Int']['output'];
  /** Whether it came by the API or by an import. */
  readonly via: Via;
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

/** A user to invite: gets a mail with a temporary password. */
export type InviteUserInput = {
  /** Where the invitation goes. */
  readonly email: Scalars['String']['input'];
  /** What the user may do: admin, sales, marketing, service, analyst, integration; at least one. */
  readonly groups: ReadonlyArray<Scalars['String']['input']>;
  /** What the user is called; at most 128 characters. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** The teams the user is to work in. */
  readonly teams?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The name to sign in with: 1 to 64 letters, digits, `.`, `_`, `-`. */
  readonly username: Scalars['String']['input'];
};

/** The legal bases of article 6(1) of the GDPR. */
export type LegalBasis =
  | 'CONSENT'
  | 'CONTRACT'
  | 'LEGAL_OBLIGATION'
  | 'LEGITIMATE_INTERESTS'
  | 'PUBLIC_TASK'
  | 'VITAL_INTERESTS';

/** Where a customer stands in the life cycle. The tenant's file says after how many days without a sale. */
export type LifecycleStage =
  /** Bought more than once, not long ago. */
  | 'ACTIVE'
  /** Bought once, not long ago. */
  | 'FIRST_TIME'
  /** Has not bought for so long that the firm has to win the customer anew. */
  | 'LAPSED'
  /** Has not bought for long. */
  | 'LAPSING'
  /** Never bought. */
  | 'PROSPECT'
  /** Had lapsed, and bought again not long ago. */
  | 'WON_BACK';

/** A contact to record. */
export type LogInteractionInput = {
  /** The user who had the contact on the firm's side. */
  readonly agentId?: InputMaybe<Scalars['ID']['input']>;
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
  /** The store or branch where it took place; at most 64 characters. */
  readonly storeId?: InputMaybe<Scalars['String']['input']>;
  /** At most 256 characters. */
  readonly subject?: InputMaybe<Scalars['String']['input']>;
  /** The conversation it belongs to: what belongs together has the same, within a customer. At most 64 characters of A-Z, a-z, 0-9, `.`, `_`, `-`. */
  readonly threadId?: InputMaybe<Scalars['String']['input']>;
  /** IMPORT for what another system knew before; for admins and integrations. API when left out. */
  readonly via?: InputMaybe<Via>;
};

/** Contacts to record. */
export type LogInteractionsInput = {
  /** At most 100. */
  readonly interactions: ReadonlyArray<LogInteractionInput>;
};

/** Notifications that the caller has read. */
export type MarkNotificationsReadInput = {
  /** At most 100. */
  readonly ids: ReadonlyArray<Scalars['ID']['input']>;
};

/** A mail or SMS that a rule of the tenant sent. It is sent at most once. */
export type Message = Node & {
  /** EMAIL or SMS. */
  readonly channel: Channel;
  /** When it was about to be sent. */
  readonly claimedAt: Scalars['AWSDateTime']['output'];
  /** The customer whom it is about. */
  readonly customerId: Scalars['ID']['output'];
  /** `msg_`, the recipient's id and 26 characters of its own. */
  readonly id: Scalars['ID']['output'];
  /** For a customer: the purpose whose consent it rests on. */
  readonly purpose?: Maybe<ConsentPurpose>;
  /** Why, where the state needs a reason. */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** Whom it was for: a customer, or a user. */
  readonly recipientId: Scalars['ID']['output'];
  /** The tenant's rule that sent it. */
  readonly rule: Scalars['String']['output'];
  /** When the state last changed. */
  readonly settledAt?: Maybe<Scalars['AWSDateTime']['output']>;
  /** What became of it. */
  readonly state: MessageState;
  /** What it was about. */
  readonly subject?: Maybe<Scalars['String']['output']>;
  /** Counts the changes of this message. */
  readonly version: Scalars['Int']['output'];
};

/** A page of messages. */
export type MessageConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<MessageEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Message>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One message in a page. */
export type MessageEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: Message;
};

/** What became of a message. */
export type MessageState =
  /** Did not arrive; the address is not written to any more when that is permanent. */
  | 'BOUNCED'
  /** About to be sent. */
  | 'CLAIMED'
  /** The recipient called it spam; the address is not written to any more. */
  | 'COMPLAINED'
  /** Arrived at the recipient's provider. */
  | 'DELIVERED'
  /** Was not taken; `reason` says why. */
  | 'REFUSED'
  /** Handed over; whether it arrives is not known yet. */
  | 'SENT'
  /** Was not sent: the address is one that bounced or complained. */
  | 'SUPPRESSED'
  /** Nobody can say whether it was sent; it is never sent again by itself. */
  | 'UNKNOWN';

/** An amount of money, exact: never a floating-point number. */
export type Money = {
  /** The amount as a decimal, with the currency's own number of decimals: `1234.50`. */
  readonly amount: Scalars['String']['output'];
  /** ISO 4217 code: `GBP`. */
  readonly currency: Scalars['String']['output'];
};

/** A price to record. */
export type MoneyInput = {
  /** A decimal with at most the currency's own number of decimals: `2.55`. */
  readonly amount: Scalars['String']['input'];
  /** ISO 4217 code: `GBP`. */
  readonly currency: Scalars['String']['input'];
};

export type Mutation = {
  /** Internal: tells the subscribers of a customer that something changed. Called by the stack itself, with IAM. */
  readonly _publishCustomerActivity?: Maybe<CustomerActivity>;
  /** Internal: tells a user of a notification. Called by the stack itself, with IAM. */
  readonly _publishNotification?: Maybe<NotificationSignal>;
  /** Adds a customer. */
  readonly createCustomer?: Maybe<Customer>;
  /** Adds up to 100 customers; each row has its own result. */
  readonly createCustomers?: Maybe<CustomerBatch>;
  /** Agrees with a partner what is shared. */
  readonly createSharingAgreement?: Maybe<SharingAgreement>;
  /** Ends a user's access: nobody can sign in as the user, and tokens are not renewed. */
  readonly disableUser?: Maybe<User>;
  /** Gives a user access again. */
  readonly enableUser?: Maybe<User>;
  /** Ends an agreement at once. */
  readonly endSharingAgreement?: Maybe<SharingAgreement>;
  /** Invites a user. The same invitation again, until the user has signed in, sends the mail again; another one of a username or an address that is there already is refused with `USER.EXISTS`. */
  readonly inviteUser?: Maybe<User>;
  /** Records one contact with a customer. */
  readonly logInteraction?: Maybe<Interaction>;
  /** Records up to 100 contacts; each row has its own result. */
  readonly logInteractions?: Maybe<InteractionBatch>;
  /** Marks notifications of the caller as read; each has its own result. */
  readonly markNotificationsRead?: Maybe<NotificationBatch>;
  /** Records an order or a return. The same source and external id again gives the order that is there. */
  readonly placeOrder?: Maybe<Order>;
  /** Records up to 100 orders; each row has its own result. */
  readonly placeOrders?: Maybe<OrderBatch>;
  /** Records what a customer consented to or withdrew. Nothing is overwritten; the latest statement counts. */
  readonly recordConsent?: Maybe<Consent>;
  /** Records up to 100 statements of consent; each row has its own result. */
  readonly recordConsents?: Maybe<ConsentBatch>;
  /** Records a product, or changes the one of this source and code. */
  readonly recordProduct?: Maybe<Product>;
  /** Records or changes up to 100 products; each row has its own result. */
  readonly recordProducts?: Maybe<ProductBatch>;
  /** Changes a customer. What is left out stays; what is null is cleared. */
  readonly updateCustomer?: Maybe<Customer>;
  /** Changes up to 100 customers; each row has its own result. */
  readonly updateCustomers?: Maybe<CustomerBatch>;
  /** Says that an order is fulfilled or cancelled. */
  readonly updateOrder?: Maybe<Order>;
  /** Changes an agreement: makes a new version of it. */
  readonly updateSharingAgreement?: Maybe<SharingAgreement>;
  /** Changes what a user may do and where: groups and teams. The user is signed out and signs in with the new rights. */
  readonly updateUser?: Maybe<User>;
};


export type Mutation_PublishCustomerActivityArgs = {
  input: CustomerActivityInput;
};


export type Mutation_PublishNotificationArgs = {
  input: NotificationSignalInput;
};


export type MutationCreateCustomerArgs = {
  input: CreateCustomerInput;
};


export type MutationCreateCustomersArgs = {
  input: CreateCustomersInput;
};


export type MutationCreateSharingAgreementArgs = {
  input: CreateSharingAgreementInput;
};


export type MutationDisableUserArgs = {
  input: UserInput;
};


export type MutationEnableUserArgs = {
  input: UserInput;
};


export type MutationEndSharingAgreementArgs = {
  input: EndSharingAgreementInput;
};


export type MutationInviteUserArgs = {
  input: InviteUserInput;
};


export type MutationLogInteractionArgs = {
  input: LogInteractionInput;
};


export type MutationLogInteractionsArgs = {
  input: LogInteractionsInput;
};


export type MutationMarkNotificationsReadArgs = {
  input: MarkNotificationsReadInput;
};


export type MutationPlaceOrderArgs = {
  input: PlaceOrderInput;
};


export type MutationPlaceOrdersArgs = {
  input: PlaceOrdersInput;
};


export type MutationRecordConsentArgs = {
  input: RecordConsentInput;
};


export type MutationRecordConsentsArgs = {
  input: RecordConsentsInput;
};


export type MutationRecordProductArgs = {
  input: RecordProductInput;
};


export type MutationRecordProductsArgs = {
  input: RecordProductsInput;
};


export type MutationUpdateCustomerArgs = {
  input: UpdateCustomerInput;
};


export type MutationUpdateCustomersArgs = {
  input: UpdateCustomersInput;
};


export type MutationUpdateOrderArgs = {
  input: UpdateOrderInput;
};


export type MutationUpdateSharingAgreementArgs = {
  input: UpdateSharingAgreementInput;
};


export type MutationUpdateUserArgs = {
  input: UpdateUserInput;
};

/** Whatever can be fetched again by its id alone. The prefix of an id tells its type: `usr_`, `cus_`, `con_`, `int_`, `msg_`, `ord_`, `prd_`, `ntf_`, `agr_`. */
export type Node = {
  /** The id, unique over all types. */
  readonly id: Scalars['ID']['output'];
};

/** What a rule of the tenant told a user. */
export type Notification = Node & {
  /** What it says. */
  readonly body?: Maybe<Scalars['String']['output']>;
  /** When it came about. */
  readonly createdAt: Scalars['AWSDateTime']['output'];
  /** The customer whom it is about. */
  readonly customerId?: Maybe<Scalars['ID']['output']>;
  /** The event that led to it: `crm.interaction.logged.v1`. */
  readonly event: Scalars['String']['output'];
  /** `ntf_`, the user's id and 26 characters of its own. */
  readonly id: Scalars['ID']['output'];
  /** When the user read it; null until then. */
  readonly readAt?: Maybe<Scalars['AWSDateTime']['output']>;
  /** The user who is told. */
  readonly recipientId: Scalars['ID']['output'];
  /** The tenant's rule. */
  readonly rule: Scalars['String']['output'];
  /** What it is about: fetch it with `node(id)`. */
  readonly subjectId?: Maybe<Scalars['ID']['output']>;
  /** What it says, in a line. */
  readonly title: Scalars['String']['output'];
  /** Counts the changes of this notification. */
  readonly version: Scalars['Int']['output'];
};

/** The results of a batch, in the order of the input. */
export type NotificationBatch = {
  /** One a row. */
  readonly results: ReadonlyArray<NotificationResult>;
};

/** A page of notifications. */
export type NotificationConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<NotificationEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Notification>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One notification in a page. */
export type NotificationEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: Notification;
};

/** What became of a row: either the notification or the error. */
export type NotificationResult = {
  /** Why the row was refused; null when it was taken. */
  readonly error?: Maybe<RowError>;
  /** The row's place in the input, from 0. */
  readonly index: Scalars['Int']['output'];
  /** The notification as it is now; null when the row was refused. */
  readonly notification?: Maybe<Notification>;
};

/** That a user has a new notification: fetch it with `node(id)`. */
export type NotificationSignal = {
  /** When it came about. */
  readonly createdAt: Scalars['AWSDateTime']['output'];
  /** The notification. */
  readonly id: Scalars['ID']['output'];
  /** The user who is told. */
  readonly recipientId: Scalars['ID']['output'];
  /** The version of the notification. */
  readonly version: Scalars['Int']['output'];
};

/** Internal: what to tell a user. */
export type NotificationSignalInput = {
  /** When it came about. */
  readonly createdAt: Scalars['AWSDateTime']['input'];
  /** The notification. */
  readonly id: Scalars['ID']['input'];
  /** The user who is told. */
  readonly recipientId: Scalars['ID']['input'];
  /** The version of the notification. */
  readonly version: Scalars['Int']['input'];
};

/** An order or a return, from whatever system took it. */
export type Order = Node & {
  /** Who ordered. */
  readonly customerId: Scalars['ID']['output'];
  /** What a unit of the order's currency was worth in the tenant's reporting currency. */
  readonly exchangeRate: Scalars['String']['output'];
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
  /** The total in the tenant's reporting currency, at that rate, rounded half up. */
  readonly reportingTotal: Money;
  /** The system that took the order. */
  readonly source: Scalars['String']['output'];
  /** Where the order stands. */
  readonly state: OrderState;
  /** The sum of all lines, rounded once, half up; negative for a return. */
  readonly total: Money;
  /** Counts the changes of this order. */
  readonly version: Scalars['Int']['output'];
  /** Whether it came by the API or by an import. */
  readonly via: Via;
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
  /** The id that the product has in the catalogue, whether or not it is recorded there; null for a charge. */
  readonly productId?: Maybe<Scalars['ID']['output']>;
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

/** Where an order stands. An order that is fulfilled or cancelled stays so. */
export type OrderState =
  /** Not to be done any more. It counts in no score, as if it had not been placed. */
  | 'CANCELLED'
  /** Done: delivered, billed, or come back for a return. */
  | 'FULFILLED'
  /** Still to be done. */
  | 'OPEN';

/** Where a page of a connection stands. */
export type PageInfo = {
  /** Cursor of the last edge of this page: pass it as `after` to get the next page. Opaque, and good for this list only. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** True when there is a further page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
};

/** A firm of the supply chain that has a bus of its own in the tenant's stack. */
export type Partner = {
  /** `par_` and its name in the tenant's file. */
  readonly id: Scalars['ID']['output'];
  /** Its name in the tenant's file. */
  readonly name: Scalars['String']['output'];
  /** What it is called. */
  readonly title: Scalars['String']['output'];
};

/** An order or a return to record. Source and external id make it safe to send again. */
export type PlaceOrderInput = {
  /** ISO 4217 code: `GBP`. */
  readonly currency: Scalars['String']['input'];
  /** Who ordered. */
  readonly customerId: Scalars['ID']['input'];
  /** What a unit of the currency was worth in the tenant's reporting currency: a decimal. The tenant's own rate when left out. */
  readonly exchangeRate?: InputMaybe<Scalars['String']['input']>;
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
  /** Where the order stands: OPEN when left out. It is no part of what makes an order the same: sent again, the order that is there keeps its own. */
  readonly state?: InputMaybe<OrderState>;
  /** IMPORT for what another system knew before; for admins and integrations. API when left out. */
  readonly via?: InputMaybe<Via>;
};

/** Orders to record. */
export type PlaceOrdersInput = {
  /** At most 100. */
  readonly orders: ReadonlyArray<PlaceOrderInput>;
};

/** How a customer wants to be treated; what is not known is null. */
export type Preferences = {
  /** The channel on which the customer is best reached. */
  readonly channel?: Maybe<Channel>;
  /** What the customer wants to hear about; at most 20. */
  readonly topics?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
};

/** How a customer wants to be treated. */
export type PreferencesInput = {
  /** The channel on which the customer is best reached. */
  readonly channel?: InputMaybe<Channel>;
  /** What the customer wants to hear about; at most 20, each of at most 64 characters. */
  readonly topics?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What the firm sells, by source and code. */
export type Product = Node & {
  /** Whether it is still sold. */
  readonly active: Scalars['Boolean']['output'];
  /** The group of products it belongs to. */
  readonly category?: Maybe<Scalars['String']['output']>;
  /** The product's code in that system. */
  readonly code: Scalars['String']['output'];
  /** When it was first recorded. */
  readonly createdAt: Scalars['AWSDateTime']['output'];
  /** `prd_` and 26 characters that follow from source and code. */
  readonly id: Scalars['ID']['output'];
  /** What it is called. */
  readonly name: Scalars['String']['output'];
  /** The list price of a unit. */
  readonly price?: Maybe<Money>;
  /** The system that the code belongs to. */
  readonly source: Scalars['String']['output'];
  /** When it last changed. */
  readonly updatedAt: Scalars['AWSDateTime']['output'];
  /** Counts the changes of the product. */
  readonly version: Scalars['Int']['output'];
};

/** The results of a batch, in the order of the input. */
export type ProductBatch = {
  /** One a row. */
  readonly results: ReadonlyArray<ProductResult>;
};

/** A page of products. */
export type ProductConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<ProductEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Product>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One product in a page. */
export type ProductEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: Product;
};

/** What became of a row: either the product or the error. */
export type ProductResult = {
  /** Why the row was refused; null when it was taken. */
  readonly error?: Maybe<RowError>;
  /** The row's place in the input, from 0. */
  readonly index: Scalars['Int']['output'];
  /** The product as it is now; null when the row was refused. */
  readonly product?: Maybe<Product>;
};

export type Query = {
  /** A customer by id; null when there is none, or the caller may not read it. */
  readonly customer?: Maybe<Customer>;
  /** What a screen about one customer needs, in one read: profile, score, consents in force, latest 20 of the timeline, latest 20 orders, open orders. */
  readonly customer360?: Maybe<Customer360>;
  /** The customer who has this identity: who is calling, who wrote this mail, who is 17850 in the shop. */
  readonly customerByIdentity?: Maybe<Customer>;
  /** The customers of an owner, by name; of the caller when no owner is given. */
  readonly customers?: Maybe<CustomerConnection>;
  /** The customers whose name begins so, by name; case, accents and the number of blanks do not matter. At least 2 letters; those of a person are of the whole name as it is written, not of the family name. */
  readonly customersByName?: Maybe<CustomerConnection>;
  /** The user who asks. */
  readonly me?: Maybe<User>;
  /** Any one thing by its id; null when there is none, or the caller may not read it. */
  readonly node?: Maybe<Node>;
  /** What the caller was told, latest first. */
  readonly notifications?: Maybe<NotificationConnection>;
  /** The orders of all customers that are in a state, latest first. A page may end early for who may not read all customers: go by `hasNextPage`. */
  readonly orders?: Maybe<OrderConnection>;
  /** The partners of the firm. */
  readonly partners?: Maybe<ReadonlyArray<Partner>>;
  /** A product by id; null when there is none. */
  readonly product?: Maybe<Product>;
  /** The products of a source, by code. */
  readonly products?: Maybe<ProductConnection>;
  /** The sharing agreements, of one partner or of all, latest first. */
  readonly sharingAgreements?: Maybe<SharingAgreementConnection>;
  /** The teams of the firm. */
  readonly teams?: Maybe<ReadonlyArray<Team>>;
  /** The interactions of one conversation with a customer, latest first; null when the caller may not read the customer. */
  readonly thread?: Maybe<InteractionConnection>;
  /** The users of the firm, in no order; only those of a team when one is given. */
  readonly users?: Maybe<UserConnection>;
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


export type QueryCustomersByNameArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  prefix: Scalars['String']['input'];
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QueryNotificationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  unreadOnly?: InputMaybe<Scalars['Boolean']['input']>;
};


export type QueryOrdersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  state: OrderState;
};


export type QueryProductArgs = {
  id: Scalars['ID']['input'];
};


export type QueryProductsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  source: Scalars['String']['input'];
};


export type QuerySharingAgreementsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  partnerId?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryThreadArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  customerId: Scalars['ID']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  threadId: Scalars['String']['input'];
};


export type QueryUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  team?: InputMaybe<Scalars['String']['input']>;
};

/** A statement of consent to record. */
export type RecordConsentInput = {
  /** On what it rests: required when granted, refused when withdrawn. */
  readonly basis?: InputMaybe<LegalBasis>;
  /** On which channel; on all when left out. None for SHARING and ANALYTICS. */
  readonly channel?: InputMaybe<Channel>;
  /** Chosen by the client, up to 128 characters: a retry with the same id, customer and moment gives what the first made. Needs `statedAt`. */
  readonly clientRequestId?: InputMaybe<Scalars['String']['input']>;
  /** Whose consent it is. */
  readonly customerId: Scalars['ID']['input'];
  /** For SHARING: with which partner; with all when left out. */
  readonly partnerId?: InputMaybe<Scalars['ID']['input']>;
  /** Where it can be looked up; at most 512 characters. */
  readonly proof?: InputMaybe<Scalars['String']['input']>;
  /** For what. */
  readonly purpose: ConsentPurpose;
  /** Granted or withdrawn. */
  readonly state: ConsentState;
  /** When the customer said so: now when left out; at most a day ahead. */
  readonly statedAt?: InputMaybe<Scalars['AWSDateTime']['input']>;
  /** IMPORT for what another system knew before; for admins and integrations. API when left out. */
  readonly via?: InputMaybe<Via>;
};

/** Statements of consent to record. */
export type RecordConsentsInput = {
  /** At most 100. */
  readonly consents: ReadonlyArray<RecordConsentInput>;
};

/** A product to record, or to change: source and code say which. What is left out stays; what is null is cleared. */
export type RecordProductInput = {
  /** Whether it is still sold; true for a new product. */
  readonly active?: InputMaybe<Scalars['Boolean']['input']>;
  /** The group of products it belongs to; at most 128 characters. */
  readonly category?: InputMaybe<Scalars['String']['input']>;
  /** The product's code in that system; at most 64 characters. */
  readonly code: Scalars['String']['input'];
  /** The version the client has seen; another one is refused with `PRODUCT.VERSION_STALE` and the current version. */
  readonly expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** What it is called, at most 256 characters; required for a new product. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** The list price of a unit. */
  readonly price?: InputMaybe<MoneyInput>;
  /** The system that the code belongs to; at most 64 characters. */
  readonly source: Scalars['String']['input'];
};

/** Products to record or to change. */
export type RecordProductsInput = {
  /** At most 100, each product once. */
  readonly products: ReadonlyArray<RecordProductInput>;
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
  /** Names of the tenant's thresholds above which engagement stands now. */
  readonly above: ReadonlyArray<Scalars['String']['output']>;
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
  /** The same in the tenant's reporting currency, each order at the rate stored with it. */
  readonly monetaryTotal: Money;
  /** Days since the last sale, in full; null when there was none (the R of RFM). */
  readonly recencyDays?: Maybe<Scalars['Int']['output']>;
  /** Where the customer stands in the life cycle now. */
  readonly stage: LifecycleStage;
  /** Counts the changes of the score. */
  readonly version: Scalars['Int']['output'];
};

/** That something about a customer was shared with a partner: recorded before it leaves. */
export type Share = {
  /** The agreement. */
  readonly agreementId: Scalars['ID']['output'];
  /** The version of the agreement. */
  readonly agreementVersion: Scalars['Int']['output'];
  /** The customer. */
  readonly customerId: Scalars['ID']['output'];
  /** What happened: `crm.order.placed.v1`. */
  readonly event: Scalars['String']['output'];
  /** The fields that were shared; their values stay where they are. */
  readonly fields: ReadonlyArray<Scalars['String']['output']>;
  /** The id of the event that the partner got. */
  readonly id: Scalars['ID']['output'];
  /** The partner. */
  readonly partnerId: Scalars['ID']['output'];
  /** Why, as that version of the agreement says. */
  readonly purpose: Scalars['String']['output'];
  /** When. */
  readonly sharedAt: Scalars['AWSDateTime']['output'];
  /** What it happened to. */
  readonly subjectId: Scalars['ID']['output'];
};

/** A page of shares. */
export type ShareConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<ShareEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Share>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One share in a page. */
export type ShareEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: Share;
};

/** What a partner gets, for which purpose and until when. Each change is a new version; the old ones stay. */
export type SharingAgreement = Node & {
  /** When it was ended before that; null unless it was. */
  readonly endedAt?: Maybe<Scalars['AWSDateTime']['output']>;
  /** The events that are shared: `crm.order.placed.v1`. */
  readonly events: ReadonlyArray<Scalars['String']['output']>;
  /** The fields that are shared, and no others: `customer.name`, `order.total`. */
  readonly fields: ReadonlyArray<Scalars['String']['output']>;
  /** `agr_` and 26 characters. */
  readonly id: Scalars['ID']['output'];
  /** The partner. */
  readonly partnerId: Scalars['ID']['output'];
  /** Why the partner gets it: `delivery of ordered goods`. */
  readonly purpose: Scalars['String']['output'];
  /** When this version was made. */
  readonly updatedAt: Scalars['AWSDateTime']['output'];
  /** Who made this version. */
  readonly updatedBy: Scalars['ID']['output'];
  /** From when it holds. */
  readonly validFrom: Scalars['AWSDateTime']['output'];
  /** Until when it holds. */
  readonly validUntil: Scalars['AWSDateTime']['output'];
  /** Counts the versions; a share says under which it was made. */
  readonly version: Scalars['Int']['output'];
  /** All versions, latest first. */
  readonly versions?: Maybe<SharingAgreementConnection>;
};


/** What a partner gets, for which purpose and until when. Each change is a new version; the old ones stay. */
export type SharingAgreementVersionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of sharing agreements. */
export type SharingAgreementConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<SharingAgreementEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<SharingAgreement>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One agreement in a page. */
export type SharingAgreementEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: SharingAgreement;
};

export type Subscription = {
  /** Says that something about a customer changed, not what: fetch it with `node(id)`. Best effort; refetch on reconnect. Ends when the customer gets another owner or team; who still may, starts again. */
  readonly onCustomerActivity?: Maybe<CustomerActivity>;
  /** Says that the caller has a new notification. Best effort; refetch on reconnect. */
  readonly onNotification?: Maybe<NotificationSignal>;
};


export type SubscriptionOnCustomerActivityArgs = {
  customerId: Scalars['ID']['input'];
};

/** Users who see each other's customers. */
export type Team = {
  /** The name, as customers and users carry it. */
  readonly name: Scalars['String']['output'];
};

/** Changes to a customer: what is left out stays, what is null is cleared. */
export type UpdateCustomerInput = {
  /** Identities that the customer is to have as well. */
  readonly addIdentities?: InputMaybe<ReadonlyArray<IdentityInput>>;
  /** Replaces the whole address. */
  readonly address?: InputMaybe<AddressInput>;
  /** Custom attributes: an object of at most 50 names to texts, numbers, booleans and lists of texts; at most 16 KB. A name that is null is removed, one that is left out stays. */
  readonly attributes?: InputMaybe<Scalars['AWSJSON']['input']>;
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
  /** How the customer wants to be treated. Replaces all of them. */
  readonly preferences?: InputMaybe<PreferencesInput>;
  /** Identities that the customer gives up. */
  readonly removeIdentities?: InputMaybe<ReadonlyArray<IdentityInput>>;
  /** The team that is to look after the customer: one of the firm's teams. */
  readonly team?: InputMaybe<Scalars['String']['input']>;
  /** IMPORT for what another system knew before; for admins and integrations. API when left out. It is of the change: how the customer came stays. */
  readonly via?: InputMaybe<Via>;
};

/** Changes to customers. */
export type UpdateCustomersInput = {
  /** At most 100, each customer once. */
  readonly customers: ReadonlyArray<UpdateCustomerInput>;
};

/** An order to bring into another state. */
export type UpdateOrderInput = {
  /** Chosen by the client, up to 128 characters: a retry with the same id and input changes nothing more. */
  readonly clientRequestId?: InputMaybe<Scalars['String']['input']>;
  /** The version the client has seen; another one is refused with `ORDER.VERSION_STALE` and the current version. */
  readonly expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The order to change. */
  readonly id: Scalars['ID']['input'];
  /** Where the order stands from now on. An order that is fulfilled or cancelled stays so: another state is refused with `ORDER.STATE_FINAL`. */
  readonly state: OrderState;
};

/** Changes to an agreement: what is left out stays. They make a new version. */
export type UpdateSharingAgreementInput = {
  /** The events that are shared. */
  readonly events?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The version the client has seen; another one is refused with `AGREEMENT.VERSION_STALE` and the current version. */
  readonly expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The fields that are shared, and no others. */
  readonly fields?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The agreement. */
  readonly id: Scalars['ID']['input'];
  /** Why the partner gets it; at most 256 characters. */
  readonly purpose?: InputMaybe<Scalars['String']['input']>;
  /** From when it holds. */
  readonly validFrom?: InputMaybe<Scalars['AWSDateTime']['input']>;
  /** Until when it holds. */
  readonly validUntil?: InputMaybe<Scalars['AWSDateTime']['input']>;
};

/** Changes to a user: what is left out stays. They count from the user's next token on, within the hour. */
export type UpdateUserInput = {
  /** All that the user may do from now on; at least one group. */
  readonly groups?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The user to change. */
  readonly id: Scalars['ID']['input'];
  /** What the user is called. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** All teams the user works in from now on: moves the user. */
  readonly teams?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** A person or a program of the firm that signs in. */
export type User = Node & {
  /** Where mail for the user goes. */
  readonly email?: Maybe<Scalars['String']['output']>;
  /** Whether the user may sign in. */
  readonly enabled?: Maybe<Scalars['Boolean']['output']>;
  /** What the user may do: admin, sales, marketing, service, analyst, integration. */
  readonly groups: ReadonlyArray<Scalars['String']['output']>;
  /** `usr_` and the subject of the user pool. */
  readonly id: Scalars['ID']['output'];
  /** What the user is called. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** The teams the user works in; who sees by team sees the customers of these. */
  readonly teams: ReadonlyArray<Scalars['String']['output']>;
  /** The name to sign in with. */
  readonly username: Scalars['String']['output'];
};

/** A page of users. */
export type UserConnection = {
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<UserEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<User>;
  /** Whether there is more, and from where. */
  readonly pageInfo: PageInfo;
};

/** One user in a page. */
export type UserEdge = {
  /** The place in the list: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** What stands here. */
  readonly node: User;
};

/** A user whose access ends or begins. */
export type UserInput = {
  /** The user. */
  readonly id: Scalars['ID']['input'];
};

/** How a fact came into the CRM. */
export type Via =
  /** As it happened, by a client of the API. */
  | 'API'
  /** Later, by an import: rules leave it alone unless they ask for it. */
  | 'IMPORT';
