import { encodedTwice } from '../../domain/damaged-text.ts';

/** What a text looks like that was decoded, here or before it came, as something that it is not. */
export type Lookalike = 'UTF-8 encoded twice' | 'cp850' | 'macintosh';

export interface TextDoubts {
  look(text: string): void;
  /** What most of the letters beyond ASCII speak for, where that is not Spanish. */
  lookalike(): Lookalike | null;
  /** Some of the text looks wrong. */
  hasWrong(): boolean;
  /** Letters of Spanish stood where words are. */
  hasAccents(): boolean;
}

// José Peña by each of the mistakes: JosÃ© PeÃ±a, Jos‚ Pe¤a, JosŽ Pe–a. A dash is no sign: it also stands between words.
const wrong: Readonly<Record<Lookalike, RegExp>> = {
  'UTF-8 encoded twice': encodedTwice,
  cp850: /\p{L}[‚¤¢£¥]|\p{L}¡\p{L}/gu,
  macintosh: /\p{L}[Ž‡Ÿ„ƒ]/gu,
};
const allKinds = Object.keys(wrong) as Lookalike[];
const right = /\p{L}[áéíóúüñç]|[áéíóúüñç]\p{L}|[ÁÉÍÓÚÑ]\p{L}|\p{L}[ÁÉÍÓÚÜÑÇ]/gu;

const longestWord = 64 * 1024;

/** Fewer are the damage of a few rows, which are told so one by one. */
const enough = 3;

/**
 * Weighs the text of a file for signs of these mistakes. No sample: all of it. Bytes that are valid UTF-8 were read as what
 * they are: of them it can be asked only whether they were encoded twice.
 */
export function createTextDoubts(kinds: readonly Lookalike[] = allKinds): TextDoubts {
  const counts = { right: 0, 'UTF-8 encoded twice': 0, cp850: 0, macintosh: 0 };
  let word = '';

  function weigh(text: string): void {
    const letters = beyondAscii(text);
    if (letters === '') return;
    counts.right += countOf(right, letters);
    for (const kind of kinds) counts[kind] += countOf(wrong[kind], letters);
  }

  function worst(): number {
    weigh(word);
    word = '';
    return Math.max(...kinds.map((kind) => counts[kind]));
  }

  return {
    look(text) {
      // A word that goes on in the next stretch is weighed with it, or where stretches end would make a difference.
      const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf(' '), text.lastIndexOf('\0')) + 1;
      if (end === 0 && word.length < longestWord) {
        word += text;
        return;
      }
      weigh(word + text.slice(0, end));
      word = text.slice(end);
    },
    lookalike: () =>
      worst() > Math.max(counts.right, enough - 1) ? (kinds.find((kind) => counts[kind] === worst()) ?? null) : null,
    hasWrong: () => worst() > 0,
    hasAccents: () => counts.right > 0,
  };
}

/** The places that are looked at, each with a character on either side: of a Spanish text a twentieth. */
function beyondAscii(text: string): string {
  const places: string[] = [];
  for (const { index, 0: found } of text.matchAll(/[\u0080-\uFFFF]+/g)) {
    places.push(text.slice(Math.max(index - 1, 0), index + found.length + 1));
  }
  return places.join(' ');
}

function countOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}
