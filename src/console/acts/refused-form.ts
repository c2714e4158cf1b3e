import type { NotDone, WhyNot } from './deed.ts';
import type { ActEnd } from './register-act.ts';

const statuses: Readonly<Record<WhyNot, 400 | 404 | 409>> = {
  invalid: 400,
  no_such: 404,
  moved_on: 409,
  not_possible: 409,
  too_early: 409,
  ledger_behind: 409,
};

/** How a form ends of which nothing was done. `back` is where it can be seen how things stand. */
export function refusedForm({ why, says }: NotDone, back: string): ActEnd {
  return { kind: 'refused', says, back, status: statuses[why] };
}
