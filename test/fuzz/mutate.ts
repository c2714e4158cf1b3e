/** Numbers below a bound that come the same for the same seed (mulberry32). */
export type Dice = (below: number) => number;

export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const tokens = [
  '"',
  '""',
  '"""',
  '\n',
  '\r\n',
  '\r',
  ';',
  ',',
  '\t',
  '|',
  '\0',
  '\uFEFF',
  'sep=;\n',
  '\uFFFD',
  '\u001A',
  'Ã©',
].map((token) => Buffer.from(token));

type Mutation = (bytes: Buffer, dice: Dice, other: Buffer) => Buffer;

/** What happens to files: bytes change, get lost, come twice, come from elsewhere; and quotes, zeros and line ends where they hurt. */
const mutations: readonly Mutation[] = [
  (bytes, dice) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[dice(changed.length)] = dice(4) === 0 ? dice(256) : dice(128);
    return changed;
  },
  (bytes, dice) => cutOut(bytes, dice(bytes.length + 1), dice(64)),
  (bytes, dice) => bytes.subarray(0, dice(bytes.length + 1)),
  (bytes, dice) => put(bytes, dice, tokens[dice(tokens.length)] ?? bytes),
  (bytes, dice) => put(bytes, dice, Buffer.concat(Array.from({ length: dice(20) }, () => tokens[dice(6)] ?? bytes))),
  (bytes, dice, other) => put(bytes, dice, slice(other, dice)),
  (bytes, dice) => put(bytes, dice, slice(bytes, dice)),
  (bytes, dice) => put(bytes, dice, Buffer.alloc(dice(18))),
  (bytes, dice) => put(bytes, dice, Buffer.alloc(dice(600), 'x')),
  (bytes, dice) => {
    const storm = Buffer.from(bytes);
    for (let blows = dice(12); blows > 0 && storm.length > 0; blows--) storm[dice(storm.length)] = 34;
    return storm;
  },
];

/** One of the corpus, after up to eight mutations; of most the first line stays, or few would be read at all. */
export function mutant(corpus: readonly Buffer[], dice: Dice): Buffer {
  const pick = (): Buffer => corpus[dice(corpus.length)] ?? Buffer.alloc(0);
  const original = pick();
  const kept = dice(5) === 0 ? 0 : original.indexOf(10) + 1;
  let bytes = original.subarray(kept);
  for (let times = 1 + dice(8); times > 0; times--) {
    const mutate = mutations[dice(mutations.length)];
    if (mutate !== undefined) bytes = mutate(bytes, dice, pick());
  }
  return Buffer.concat([original.subarray(0, kept), bytes]);
}

function slice(bytes: Buffer, dice: Dice): Buffer {
  const from = dice(bytes.length + 1);
  return bytes.subarray(from, from + dice(300));
}

function put(bytes: Buffer, dice: Dice, piece: Buffer): Buffer {
  const at = dice(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

function cutOut(bytes: Buffer, at: number, count: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]);
}
