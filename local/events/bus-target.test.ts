import { afterEach, beforeEach, expect, test } from 'vitest';
import { busArn, openStage, type Stage } from './fixture.ts';

const roleArn = 'arn:aws:iam::000000000000:role/sends';

let stage: Stage;
let queue: string;
beforeEach(() => {
  stage = openStage();
  queue = stage.sqs.createQueue('work').arn;
  for (const name of ['crm', 'partner', 'third']) stage.events.createBus(name);
});
afterEach(() => stage.sqs.close());

function rule(busName: string, arn: string, more: object = {}) {
  const target = { id: 'target', arn, ...(arn.includes(':events:') && { roleArn }), ...more };
  return { name: 'on', busName, eventPattern: { source: ['shop'] }, targets: [target] };
}

test('an event sent to another bus arrives at its rules as it was', () => {
  const own = stage.sqs.createQueue('own').arn;
  stage.events.putRule(rule('crm', busArn('partner')));
  stage.events.putRule({ ...rule('crm', own), name: 'own' });
  stage.events.putRule(rule('partner', queue));

  stage.put('crm', { Detail: '{"a":1}', Resources: ['r'], Time: 1_700_000_000 });

  const [event] = stage.taken(queue);
  expect(event).toMatchObject({ source: 'shop', time: '2023-11-14T22:13:20Z', detail: { a: 1 } });
  expect(stage.taken(own)).toEqual([event]);
  expect(stage.call('ListTargetsByRule', { EventBusName: 'crm', Rule: 'on' })).toEqual({
    Targets: [{ Id: 'target', Arn: busArn('partner'), RoleArn: roleArn }],
  });
});

test('a bus does not send on to a third one what another bus sent', () => {
  stage.events.putRule(rule('crm', busArn('partner')));
  stage.events.putRule(rule('partner', busArn('third')));
  stage.events.putRule(rule('third', queue));

  stage.put('crm');
  expect(stage.taken(queue)).toEqual([]);

  stage.put('partner');
  expect(stage.taken(queue)).toHaveLength(1);
});

test('buses that send to each other, or to themselves, come to an end', () => {
  stage.events.putRule(rule('crm', busArn('partner')));
  stage.events.putRule(rule('partner', busArn('crm')));
  stage.events.putRule({ ...rule('third', busArn('third')), name: 'loop' });
  for (const name of ['crm', 'partner', 'third']) {
    stage.events.putRule({ ...rule(name, queue), name: 'work' });
  }

  stage.put('crm');
  expect(stage.taken(queue)).toHaveLength(2);
  stage.put('third');
  expect(stage.taken(queue)).toHaveLength(2);
});

test('what is for a bus that does not exist goes to the dead-letter queue of the target', () => {
  const dead = stage.sqs.createQueue('dead').arn;
  stage.events.putRule(rule('crm', busArn('gone'), { deadLetterArn: dead }));

  stage.put('crm');

  const [letter] = stage.sqs.receive(dead, 1);
  expect(letter?.attributes).toMatchObject({
    ERROR_CODE: { StringValue: 'NO_RESOURCE' },
    TARGET_ARN: { StringValue: busArn('gone') },
  });
});

test('a bus as target without a role, with an input, or elsewhere is refused', () => {
  const put = (arn: string, more: object) => () => stage.events.putRule(rule('crm', arn, more));

  expect(put(busArn('partner'), { roleArn: undefined })).toThrow('RoleArn is required for target');
  expect(put(busArn('partner'), { inputPath: '$.detail' })).toThrow('leave out Input');
  expect(put('arn:aws:events:eu-central-1:999999999999:event-bus/crm', {})).toThrow(
    'to event buses and GraphQL APIs of 000000000000 in eu-central-1',
  );
});
