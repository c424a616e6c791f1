/** Who asks for something. */
export type Principal =
  | {
      /** A session of a role, as functions, resolvers and rules have one. */
      readonly kind: 'session';
      readonly sessionArn: string;
      readonly roleArn: string;
    }
  | {
      /** An AWS service in its own name. */
      readonly kind: 'service';
      /** `events.amazonaws.com`. */
      readonly service: string;
      /** The resource for which it acts, such as a rule. */
      readonly sourceArn: string;
    }
  | { readonly kind: 'anonymous' };

export const anonymous: Principal = { kind: 'anonymous' };

/** How a denial calls a principal. */
export function nameOf(principal: Principal): string {
  if (principal.kind === 'session') return principal.sessionArn;
  return principal.kind === 'service' ? principal.service : 'anonymous';
}

/** Tells principals apart. */
export function keyOf(principal: Principal): string {
  return principal.kind === 'service' ? `${principal.service} ${principal.sourceArn}` : nameOf(principal);
}

/**
 * Whom a statement of a resource's policy is about: `account` says that it is about the account as a whole, which leaves
 * it to the policies of its identities whom to allow.
 */
export type PrincipalMatch = 'principal' | 'account' | undefined;

const ACCOUNT = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/;

function matchAws(value: string): (principal: Principal) => PrincipalMatch {
  if (value === '*') return () => 'principal';
  const account = ACCOUNT.exec(value)?.[1];
  if (account !== undefined) {
    return (principal) =>
      principal.kind === 'session' && principal.roleArn.split(':')[4] === account ? 'account' : undefined;
  }
  if (!/^arn:aws:(iam|sts)::\d{12}:(role|user|assumed-role|federated-user)\/[^*?]+$/.test(value)) {
    throw new Error(
      `Principal ${value} is not known: name an account, the ARN of a role, session or user, or *`,
    );
  }
  return (principal) =>
    principal.kind === 'session' && (principal.roleArn === value || principal.sessionArn === value)
      ? 'principal'
      : undefined;
}

function matchService(value: string): (principal: Principal) => PrincipalMatch {
  if (!/^[\w.-]+\.amazonaws\.com$/.test(value)) {
    throw new Error(`Principal ${value} is no service: write events.amazonaws.com`);
  }
  return (principal) =>
    principal.kind === 'service' && principal.service === value ? 'principal' : undefined;
}

const KINDS: Readonly<Record<string, (value: string) => (principal: Principal) => PrincipalMatch>> = {
  AWS: matchAws,
  Service: matchService,
  // Nobody comes here by another provider or as CloudFront.
  Federated: () => () => undefined,
  CanonicalUser: () => () => undefined,
};

/**
 * Compiles a `Principal`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 *
 * @throws Error that names what is no principal
 */
export function compilePrincipal(element: unknown): (principal: Principal) => PrincipalMatch {
  if (element === '*') return () => 'principal';
  if (element === null || typeof element !== 'object' || Array.isArray(element)) {
    throw new Error(`Principal is ${JSON.stringify(element)}: give "*", or principals by AWS or Service`);
  }
  const matchers = Object.entries(element).flatMap(([kind, values]) => {
    const compile = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    if (!compile) throw new Error(`Principal has ${kind}: use ${Object.keys(KINDS).join(', ')}`);
    return [values].flat().map((value) => compile(String(value)));
  });
  if (matchers.length === 0) throw new Error('Principal names nobody');
  return (principal) => {
    const found = matchers.map((match) => match(principal));
    return found.includes('principal') ? 'principal' : found.find((one) => one !== undefined);
  };
}
