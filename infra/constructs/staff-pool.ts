import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  CfnUserPoolUser,
  CfnUserPoolUserToGroupAttachment,
  Mfa,
  UserPool,
  type UserPoolClient,
  VerificationEmailStyle,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

/** What a user may do: each role is a group of the user pool. */
export const ROLES = ['admin', 'sales', 'marketing', 'service', 'analyst', 'integration'] as const;

export interface StaffPoolProps {
  /** Names of the teams; each becomes the group `team-<name>`. */
  readonly teams: readonly string[];
  /** What the firm is called, as invitations say it. */
  readonly title: string;
  /** The address of the user who is invited when the pool is made, as an administrator. */
  readonly firstAdmin: string;
  /** Whether the pool outlives its stack and refuses to be deleted. */
  readonly protect: boolean;
}

/** The people and programs of a firm who may sign in. Nobody signs up; administrators invite. */
export class StaffPool extends Construct {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, props: StaffPoolProps) {
    super(scope, id);
    this.userPool = new UserPool(this, 'UserPool', {
      selfSignUpEnabled: false,
      signInAliases: { username: true, email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      // Mail about customers goes to no address that its user has not proven to have.
      keepOriginal: { email: true },
      // Named now, as the attributes of a pool cannot be changed later without making another pool.
      standardAttributes: {
        email: { required: true, mutable: true },
        fullname: { required: false, mutable: true },
        phoneNumber: { required: false, mutable: true },
      },
      userInvitation: {
        emailSubject: `Your access to the customer records of ${props.title}`,
        emailBody: `You have been invited to the customer records of ${escapeHtml(props.title)}.<br><br>Sign in as {username} with the temporary password {####} within 7 days, and choose a password of your own.`,
      },
      // The same words go out for a forgotten password and for a new address.
      userVerification: {
        emailSubject: `Your code for the customer records of ${props.title}`,
        emailBody: `Your code is {####}. Did you not ask for one? Then nothing has to be done.`,
        emailStyle: VerificationEmailStyle.CODE,
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(7),
      },
      deletionProtection: props.protect,
      removalPolicy: props.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(this.userPool).acknowledge(
      {
        id: 'AwsSolutions-COG2',
        reason:
          'Programs of the group integration sign in without a person; people can add a one-time code themselves.',
      },
      {
        id: 'AwsSolutions-COG8',
        reason:
          'The plus plan is priced per user; without self sign-up, with SRP and 12-character passwords it adds little.',
      },
    );
    this.client = this.userPool.addClient('Client', {
      authFlows: { userSrp: true },
      disableOAuth: true,
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    });
    const { userPoolId } = this.userPool;
    for (const groupName of ROLES) {
      const group = new CfnUserPoolGroup(this, groupName, { userPoolId, groupName });
      group.applyRemovalPolicy(props.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    }
    // Not kept: a team that is dropped and comes again could not be made again beside its old group.
    for (const groupName of props.teams.map((team) => `team-${team}`)) {
      new CfnUserPoolGroup(this, groupName, { userPoolId, groupName });
    }
    this.#inviteFirstAdmin(props);
  }

  /** Another address in the file invites another user; in production, the user of before stays. */
  #inviteFirstAdmin({ firstAdmin, protect }: StaffPoolProps): void {
    const { userPoolId } = this.userPool;
    const user = new CfnUserPoolUser(this, 'FirstAdmin', {
      userPoolId,
      username: usernameOf(firstAdmin),
      desiredDeliveryMediums: ['EMAIL'],
      userAttributes: [
        { name: 'email', value: firstAdmin },
        { name: 'email_verified', value: 'true' },
      ],
    });
    const membership = new CfnUserPoolUserToGroupAttachment(this, 'FirstAdminIsAdmin', {
      userPoolId,
      username: user.ref,
      groupName: ADMIN,
    });
    membership.node.addDependency(this.node.findChild(ADMIN));
    for (const resource of [user, membership]) {
      resource.applyRemovalPolicy(protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    }
  }
}

const ADMIN: (typeof ROLES)[number] = 'admin';

/** A pool whose users sign in with their address, too, takes no address as a username: what stands before the `@`. */
const usernameOf = (address: string) => address.replace(/@.*$/, '').replace(/[^\w.-]/g, '-');

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
