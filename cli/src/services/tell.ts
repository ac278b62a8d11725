import { envelope } from '../output/envelope.ts';
import { type ListColumn, printList } from '../output/print-list.ts';
import type { Session } from './session.ts';

interface OneOptions<T> {
  readonly schema: string;
  readonly data: T;
  /** For people who watch. */
  readonly note: string;
}

/** What was done: its JSON where that was asked for, else a note. */
export async function tellDone<T>({ format, sink, narrator }: Session, { schema, data, note }: OneOptions<T>) {
  if (format === 'json') await sink.write(envelope({ schema, data }));
  else narrator.note(note);
}

interface ListOptions<T> {
  readonly schema: string;
  readonly items: readonly T[];
  readonly columns: readonly ListColumn<T>[];
}

export async function tellList<T>({ format, sink, style, narrator }: Session, list: ListOptions<T>): Promise<void> {
  for (const text of await printList({ ...list, format, sink, style })) narrator.warn(text);
}
