import { stem } from '../text/stem.ts';

const OUT = [
  'source',
  'origin',
  'from',
  'departure',
  'depart',
  'departing',
  'leave',
  'leaving',
  'left',
  'start',
  'starting',
  'begin',
  'sender',
  'pickup',
  'src',
  'outgoing',
  'home',
];
const BACK = [
  'destination',
  'dest',
  'to',
  'arrival',
  'arrive',
  'arriving',
  'land',
  'landing',
  'end',
  'ending',
  'receiver',
  'recipient',
  'dropoff',
  'incoming',
  'into',
  'away',
  'reach',
];

const TABLE: ReadonlyMap<string, 'out' | 'in'> = new Map([
  ...OUT.flatMap((word) => [[word, 'out'] as const, [stem(word), 'out'] as const]),
  ...BACK.flatMap((word) => [[word, 'in'] as const, [stem(word), 'in'] as const]),
]);

/** Which end of a movement a word speaks of: where from ("depart", "source") or where to ("arrive", "destination"). */
export const directionOf = (word: string): 'out' | 'in' | null =>
  TABLE.get(word.toLowerCase()) ?? TABLE.get(stem(word)) ?? null;
