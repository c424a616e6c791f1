import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grant } from './grants.ts';

interface Statement {
  readonly Action: unknown;
  readonly Resource: unknown;
}

interface Document {
  Statement: Statement[] | Statement;
}

interface Resource {
  readonly Type: string;
  DependsOn?: string | string[];
  readonly Properties: {
    readonly PolicyDocument?: Document;
    readonly Policies?: readonly { readonly PolicyName: string; readonly PolicyDocument: Document }[];
  };
}

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** What is left of a statement without one of its actions on one of its resources. */
function reduced(statement: Statement, { actionIndex, resourceIndex }: Grant): Statement[] {
  const actions = list(statement.Action);
  const resources = list(statement.Resource);
  const others = { ...statement, Action: actions.toSpliced(actionIndex, 1) };
  const elsewhere = {
    ...statement,
    Action: actions[actionIndex],
    Resource: resources.toSpliced(resourceIndex, 1),
  };
  return [...(actions.length > 1 ? [others] : []), ...(resources.length > 1 ? [elsewhere] : [])];
}

function documentOf({ Properties }: Resource, policy: string | undefined): Document | undefined {
  if (policy === undefined) return Properties.PolicyDocument;
  return Properties.Policies?.find(({ PolicyName }) => PolicyName === policy)?.PolicyDocument;
}

/** A policy that is one statement goes as a whole. */
function removeResource(resources: Record<string, Resource>, id: string): void {
  delete resources[id];
  for (const other of Object.values(resources)) {
    if (other.DependsOn) other.DependsOn = list(other.DependsOn).filter((one) => one !== id);
  }
}

/** Copies an assembly into a new folder, but leaves one grant out of its templates. */
export function assemblyWithout(assemblyDir: string, grant: Grant): string {
  const [, id, stack, policy] =
    /^\S+ (\S+) of the stack ([^\s,]+)(?:, policy (.+))?$/.exec(grant.where) ?? [];
  if (id === undefined) throw new Error(`${grant.where} stands in no template`);
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-assembly-'));
  cpSync(assemblyDir, folder, { recursive: true });
  const file = join(folder, `${stack}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Resource> };
  const resource = template.Resources[id];
  const document = resource && documentOf(resource, policy);
  if (document) {
    document.Statement = list(document.Statement).flatMap((statement, index) =>
      index === grant.statement ? reduced(statement, grant) : [statement],
    );
  } else removeResource(template.Resources, id);
  writeFileSync(file, JSON.stringify(template));
  return folder;
}
