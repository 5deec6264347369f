/** Something that the machine lacks, and what its owner can do about it. */
export class MissingPartError extends Error {
  override readonly name = 'MissingPartError';
  readonly remedy: string;

  constructor(reason: string, remedy: string) {
    super(reason);
    this.remedy = remedy;
  }
}
