import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { ResourceTypes } from '../deploy.ts';

/** Schedules of EventBridge Scheduler and their groups; their properties are named as in its API. */
export function schedulerTypes({
  scheduler,
}: {
  scheduler: Pick<Scheduler, 'deploySchedule' | 'deployGroup'>;
}): ResourceTypes {
  return {
    'AWS::Scheduler::ScheduleGroup': {
      treatment: 'run',
      properties: { Name: 'applied', Tags: 'applied' },
      create(properties, resource) {
        const name = String(properties.Name ?? resource.name(64));
        const { arn, createdAt, modifiedAt } = scheduler.deployGroup(name, properties.Tags);
        const CreationDate = new Date(createdAt).toISOString();
        const LastModificationDate = new Date(modifiedAt).toISOString();
        return { ref: name, attributes: { Arn: arn, State: 'ACTIVE', CreationDate, LastModificationDate } };
      },
    },
    'AWS::Scheduler::Schedule': {
      treatment: 'run',
      properties: {
        Name: 'applied',
        GroupName: 'applied',
        Description: 'applied',
        ScheduleExpression: 'applied',
        ScheduleExpressionTimezone: 'applied',
        FlexibleTimeWindow: 'applied',
        StartDate: 'applied',
        EndDate: 'applied',
        State: 'applied',
        Target: 'applied',
        KmsKeyArn: 'without effect',
      },
      create(properties, resource) {
        const Name = String(properties.Name ?? resource.name(64));
        const { arn } = scheduler.deploySchedule({ ...properties, Name });
        return { ref: Name, attributes: { Arn: arn } };
      },
    },
  };
}
