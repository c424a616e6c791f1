export type Statement = Readonly<Record<string, unknown>>;

/** A statement whose condition lists one value less. */
export interface Narrower {
  /** The key and the value: `ses:FromAddress a@firm.example`. */
  readonly without: string;
  readonly statement: Statement;
}

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** With a value less, a condition that says what something is not holds more often. */
const isNegative = (operator: string) => /Not|Null/.test(operator);

/** What is left of a statement without one of the values of a condition that has several. */
export function narrowerThan(statement: Statement): Narrower[] {
  const condition = (statement.Condition ?? {}) as Condition;
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      isNegative(operator) || !Array.isArray(values) || values.length < 2
        ? []
        : values.map((value, index) => {
            const fewer = { ...keys, [key]: values.toSpliced(index, 1) };
            return {
              without: `${key} ${value}`,
              statement: { ...statement, Condition: { ...condition, [operator]: fewer } },
            };
          }),
    ),
  );
}
