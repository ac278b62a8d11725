import type { Instance } from '../logical-form.ts';
import type { OutputNode } from '../parse/question-tree.ts';
import { CannotRead } from './cannot-read.ts';
import { dateForm } from './event-date.ts';
import { chooseColumn } from './resolve-column.ts';
import type { Scope } from './scope.ts';

export const nested = (scope: Scope, instance: Instance): Scope =>
  instance === scope.instance ? scope : { ...scope, instance, parent: scope };

export function tryChoose(scope: Scope, { noun }: OutputNode): ReturnType<typeof chooseColumn> | null {
  try {
    return chooseColumn(
      scope.reading,
      scope.instance.table,
      noun.mention,
      (column) =>
        dateForm(column) !== 'date' ||
        noun.mention.text.toLowerCase() === column.column.name.toLowerCase().replaceAll('_', ' '),
    );
  } catch (error) {
    if (error instanceof CannotRead) return null;
    throw error;
  }
}
