const formats = {};

/**
 * In place of the validator that electrodb holds its models against whenever an entity is made: a third of what making
 * entities costs. Models are constants of ours, which tests hold against the real one.
 */
export class Validator {
  /** Of the prototype: electrodb adds its own. */
  get customFormats(): object {
    return formats;
  }

  addSchema(): void {}

  validate(): { readonly errors: readonly [] } {
    return { errors: [] };
  }
}
