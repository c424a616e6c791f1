import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import { domainOf } from '../constructs/mail.ts';
import { PrivateBucket } from '../constructs/private-bucket.ts';
import { StaffPool } from '../constructs/staff-pool.ts';
import { KeyedTable } from '../constructs/table.ts';
import type { Tenant } from '../tenant.ts';

/**
 * What a tenant must not lose: the tables, the users, the batches that could not be relayed, and the domain that mail
 * comes from, since another identity has other keys, which DNS does not know.
 */
export class DataStack extends Stack {
  readonly table: KeyedTable;
  readonly technicalTable: KeyedTable;
  readonly staff: StaffPool;
  readonly failedBatches: PrivateBucket;

  constructor(scope: Construct, tenant: Tenant) {
    const protect = tenant.environment === 'production';
    super(scope, `fidelia-${tenant.tenant}-data`, {
      env: { account: tenant.account, region: tenant.region },
      description: `Fidelia for ${tenant.tenant}: data`,
      terminationProtection: protect,
    });
    this.table = new KeyedTable(this, 'Crm', { indexes: ['gsi1', 'gsi2'], stream: true, protect });
    this.technicalTable = new KeyedTable(this, 'Technical', { pointInTimeRecovery: false, protect });
    this.staff = new StaffPool(this, 'Staff', {
      teams: tenant.teams,
      title: tenant.title,
      firstAdmin: tenant.firstAdmin,
      protect,
    });
    this.failedBatches = new PrivateBucket(this, 'FailedBatches', { expireAfterDays: 30, protect });
    const sender = new EmailIdentity(this, 'Sender', {
      identity: Identity.domain(domainOf(tenant.notifications.sender.email)),
      dkimSigning: true,
      // What comes back is an event, and no mail to the sender.
      feedbackForwarding: false,
    });
    sender.applyRemovalPolicy(protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    // Also while a restored table is in use: what another stack imports could not be dropped in the deployment that ends it.
    for (const value of [this.table.tableName, this.table.tableArn, this.table.tableStreamArn]) {
      this.exportValue(value);
    }

    new CfnOutput(this, 'tableName', { value: this.table.tableName });
    new CfnOutput(this, 'technicalTableName', { value: this.technicalTable.tableName });
    new CfnOutput(this, 'userPoolId', { value: this.staff.userPool.userPoolId });
    new CfnOutput(this, 'userPoolClientId', { value: this.staff.client.userPoolClientId });
  }
}
