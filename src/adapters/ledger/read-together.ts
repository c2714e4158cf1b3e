import { createGroupCommit } from './group-commit.ts';

/**
 * Concurrent questions of one kind as one statement, without a timer: what is asked while a statement is under way goes
 * with the next. Each answer is of a snapshot that was taken after it was asked for. Most of what a small question costs
 * is its way and its plan, and a busy process asks as many at once as it has rows in progress.
 */
export function readTogether<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  // One lane a kind: the pool has few connections, and moves need two.
  return createGroupCommit({ execute: ask, lanes: 1 });
}
