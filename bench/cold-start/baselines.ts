import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../infra/bundle.ts';
import { variablesOfLambda } from './deployed.ts';
import type { Loadable } from './initialisation.ts';

/** What functions are measured against, bundled as they are. */
export interface Baselines extends Disposable {
  /** A handler and nothing else: what Node itself takes. */
  readonly empty: Loadable;
  /** A handler that makes the document client of DynamoDB, which hardly any function can do without. */
  readonly documentClient: Loadable;
}

/** Bundles the handlers that functions are measured against, into a folder that is removed in the end. */
export async function bundleBaselines(): Promise<Baselines> {
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-baselines-'));
  const bundles = await bundleFunctions(join(import.meta.dirname, 'baselines'), folder);
  const baseline = (name: string): Loadable => ({
    name,
    module: join(bundles.get(name) ?? '', 'index.mjs'),
    environment: variablesOfLambda,
  });
  return {
    empty: baseline('empty'),
    documentClient: baseline('document-client'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
