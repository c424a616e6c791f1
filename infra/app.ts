/** The CDK app: the stacks of one tenant, held against the rules of cdk-nag before anything is written out. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from './bundle.ts';
import { flags } from './flags.ts';
import { loadPartner } from './partner.ts';
import { deployedSchema } from './schema.ts';
import { AppStack } from './stacks/app.ts';
import { DataStack } from './stacks/data.ts';
import { PartnerStack } from './stacks/partner.ts';
import type { Tenant } from './tenant.ts';
import { configOf } from './tenant-config.ts';

/** An app whose `synth()` throws when a construct breaks a rule without an acknowledgement that gives the reason. */
export function checkedApp(outdir: string): App {
  const app = new App({ outdir, context: { ...flags }, analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

/** The tags of a dashboard are newer than what checks templates, and serve nobody. */
const TAGGED = { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] };

/** Writes the cloud assembly of a tenant: templates, bundles and the report of the rules. Throws on a finding. */
export async function writeAssembly(tenant: Tenant, root: string, outdir: string): Promise<void> {
  const build = mkdtempSync(join(tmpdir(), 'fidelia-build-'));
  try {
    const schemaFile = join(build, 'schema.graphql');
    writeFileSync(schemaFile, deployedSchema(join(root, 'graphql/schema')));
    const app = checkedApp(outdir);
    Tags.of(app).add('product', 'fidelia', TAGGED);
    Tags.of(app).add('tenant', tenant.tenant, TAGGED);
    const data = new DataStack(app, tenant);
    const bundles = await bundleFunctions(join(root, 'functions'), join(build, 'functions'));
    for (const folder of bundles.values()) {
      writeFileSync(join(folder, 'tenant.json'), JSON.stringify(configOf(tenant)));
    }
    const partners = tenant.partners.map((name) => new PartnerStack(app, tenant, loadPartner(name)));
    const application = new AppStack(app, {
      tenant,
      data,
      bundles,
      schemaFile,
      resolvers: {
        invoke: join(root, 'graphql/resolvers/invoke.js'),
        publish: join(root, 'graphql/resolvers/publish.js'),
      },
    });
    // The application puts events on the buses of partners: these come first.
    for (const partner of partners) application.addStackDependency(partner);
    app.synth();
  } finally {
    rmSync(build, { recursive: true });
  }
}
