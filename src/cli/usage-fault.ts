/** What a person typed can't be done. Ends the command with exit 2 and this one line; thrown before anything is changed. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault';
}
