/** What a page says once, after an act, by the word that the act ends with. */
export const doneWords = {
  held: 'The file is held: no call of it begins from now on.',
  released: 'The file goes on where it stopped.',
  let_go: 'The file waits no longer: it is read and sent now.',
  turned_away: 'The file is turned away: it lies in rejected/ with the reason, and may be sent again.',
  cancelled:
    'What had not been sent is cancelled. Leads that exist already stay: tell the insurer if they are not wanted.',
  read_again: 'The file is read again: this is its new reading, which takes the place of what had not been sent.',
  resolved: 'The doubt is ended as you said.',
  replay_started: 'The replay has begun. A service that runs carries it out.',
  replay_aborted: 'The replay is ended where it is. What is back at work stays there.',
  sent_again: 'It goes out again, from its first page.',
  let_go_on: 'It is told again: what waits is due at once.',
  paused: 'Paused: no call of it begins from now on. Its files are read, and its rows stay due.',
  resumed: 'It goes on, within a second.',
  breaker_opened: 'The breaker is open: no call goes until somebody closes it.',
  breaker_closed: 'The breaker is closed: calls go again, at a rate that climbs from one a second.',
  acknowledged: 'It is known, and no longer red.',
  withdrawn: 'It is news again.',
} as const;

export type DoneWord = keyof typeof doneWords;

export function isDoneWord(word: string): word is DoneWord {
  return Object.hasOwn(doneWords, word);
}
