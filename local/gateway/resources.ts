type Input = Readonly<Record<string, unknown>>;

function members(value: unknown): Input[] {
  return (Array.isArray(value) ? value : []).filter(
    (member) => member !== null && typeof member === 'object',
  );
}

const nameOf = (queueUrl: string) => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);

/** Names of the tables, queues, buses and pools that an input is about, each once. */
export function resourcesOf(input: Input): string[] {
  const transactItems = members(input.TransactItems).flatMap((item) => Object.values(item) as Input[]);
  const requestItems = input.RequestItems === null ? {} : ((input.RequestItems ?? {}) as object);
  const named = [
    input.TableName,
    ...Object.keys(requestItems),
    ...transactItems.map((item) => item?.TableName),
    typeof input.QueueUrl === 'string' ? nameOf(input.QueueUrl) : input.QueueName,
    input.EventBusName,
    ...members(input.Entries).map((entry) => entry.EventBusName),
    input.UserPoolId,
  ];
  return [...new Set(named.filter((name) => typeof name === 'string'))];
}
