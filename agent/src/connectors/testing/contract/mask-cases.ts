import { createSecretKey, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { Mask, type MaskedColumn } from '#core/policy/mask.ts';
import { maskText } from '#core/policy/mask-text.ts';
import { CHUNK_BYTES } from '#core/protocol/limits.ts';
import { NO_LIMITS } from '../collect.ts';
import { CUSTOMERS } from '../engine.ts';
import { type Cases, type Context, never } from './context.ts';

const maskKey = randomBytes(32);
const keyObject = createSecretKey(maskKey);

const shown = (mask: Mask, text: string | null) => (text === null ? null : maskText(mask, text, keyObject));
const name = (index: number) => shown('hash', CUSTOMERS[index]?.[1] ?? null);

const run = ({ run: plain }: Context, statement: string, masks: MaskedColumn[], limits = {}) =>
  plain(statement, { masks, maskKey, limits });

/** Of a name that no statement quotes. */
const mask = ({ fixture, cased }: Context, table: string, column: string, how: Mask = 'hash'): MaskedColumn => ({
  ...{ schema: fixture.schema, table: cased(table), column: cased(column), mask: how, isNamed: false },
});
const named = (context: Context, table: string, column: string, how: Mask = 'hash'): MaskedColumn => ({
  ...{ ...mask(context, table, column, how), isNamed: true },
});
const SIZE = { table: 'Wide One', column: 'Größe "x"' };

export const MASK_CASES: Cases = {
  async 'mask types'(context) {
    const { fixture, engine } = context;
    const { maskedTexts: texts, statements } = fixture;
    const plain = await run(context, statements.valued, []);
    expect(plain.data[0]?.map((cell) => (cell === null ? null : String(cell)))).toEqual(texts);
    for (const how of Mask.options) {
      const masks = texts.map((_, index) => mask(context, 'valued', `c${index}`, how));
      const { data, columns } = await run(context, statements.valued, masks);
      expect(data).toEqual([texts.map((text) => shown(how, text))]);
      const masked = { type: 'text', kind: 'text', masked: how };
      const expected = plain.columns.map((column) => {
        if (how !== 'null') return { name: column.name, ...masked };
        return { ...column, ...(engine.typesByValue ? { type: '', kind: 'other' } : {}), masked: how };
      });
      expect(columns).toEqual(expected);
    }
  },
  async 'mask column'(context) {
    const { data, columns } = await run(context, context.fixture.statements.customers, [
      named(context, 'customer', 'name'),
    ]);
    expect(data.map((row) => row.slice(1))).toEqual(CUSTOMERS.map(([, , , note], index) => [name(index), note]));
    expect(columns.map(({ masked }) => masked)).toEqual([undefined, 'hash', undefined]);
    expect(Object.keys(columns[0] ?? {})).toEqual(['name', 'type', 'kind']);
  },
  async 'mask star'(context) {
    const masks = [mask(context, 'customer', 'name'), mask(context, 'customer', 'email', 'null')];
    const { data } = await run(context, context.fixture.statements.customerStar(1), masks);
    expect(data).toEqual([[expect.anything(), name(0), null, null]]);
  },
  async 'mask renamed'(context) {
    const { renamed = '' } = context.fixture.statements;
    const { data, columns } = await run(context, renamed, [named(context, 'customer', 'name')]);
    const cells = data.map((row) => row.map((cell) => (typeof cell === 'number' ? String(cell) : cell)));
    expect(cells).toEqual([
      [null, name(0), '1', name(0), name(0)],
      ['', name(1), '2', name(1), name(1)],
    ]);
    expect(columns.map(({ masked }) => masked)).toEqual([undefined, 'hash', undefined, 'hash', 'hash']);
  },
  async 'mask joined'(context) {
    const masks = [mask(context, 'customer', 'name'), mask(context, 'customer', 'email', 'null')];
    const joined = await run(context, context.fixture.statements.joined ?? '', masks);
    expect(joined.data.map((row) => [row[1], row[3], row[4]])).toEqual([
      ['Supplies', name(0), null],
      [null, name(1), null],
    ]);
    const both = await run(context, context.fixture.statements.joined ?? '', [
      ...masks,
      mask(context, 'supplier', 'name', 'partial'),
    ]);
    expect(both.data.map((row) => row[1])).toEqual(['S***s', null]);
  },
  async 'mask nothing'(context) {
    const { statements } = context.fixture;
    const masks = [mask(context, 'customer', 'name'), mask(context, 'customer', 'email')];
    expect((await run(context, statements.countCustomers, masks)).data.flat().map(Number)).toEqual([3]);
    const { data, columns } = await run(context, statements.notes, masks);
    expect(data).toEqual(CUSTOMERS.map(([, , , note]) => [note]));
    expect(columns[0]).not.toHaveProperty('masked');
  },
  async 'mask empty'(context) {
    const { noCustomers } = context.fixture.statements;
    const { data, columns } = await run(context, noCustomers, [named(context, 'customer', 'name')]);
    expect(data).toEqual([]);
    expect(columns[1]).toEqual({ name: context.cased('name'), type: 'text', kind: 'text', masked: 'hash' });
  },
  async 'mask names'(context) {
    const { fixture } = context;
    await fixture.addWideRows([[0, 'secret', 'open']]);
    const masks = [{ ...named(context, '', '', 'null'), ...SIZE }];
    const { data } = await run(context, fixture.statements.wideOne, masks, { rows: 1 });
    expect(data).toEqual([['open', null]]);
  },
  async 'mask long'(context) {
    const { fixture } = context;
    const digits = Array.from({ length: 20_000 }, (_, index) => String(index)).join('');
    await fixture.addWideRows([
      [1, digits, `${digits}ü`],
      [2, 'ü', digits],
      [3, `${digits}ü`, 'x'],
    ]);
    const { wideOne } = fixture.statements;
    for (const how of Mask.options) {
      const { data, chunkSizes } = await run(context, wideOne, [{ ...named(context, '', '', how), ...SIZE }]);
      expect(data.slice(-3)).toEqual([
        [`${digits}ü`, shown(how, digits)],
        [digits, shown(how, 'ü')],
        ['x', shown(how, `${digits}ü`)],
      ]);
      expect(Math.max(...chunkSizes)).toBeLessThanOrEqual(CHUNK_BYTES);
    }
    const cut = await run(context, wideOne, [{ ...named(context, '', ''), ...SIZE }], { rows: 2 });
    expect(cut).toMatchObject({ rows: 2, truncated: true });
  },
  async 'mask hidden'(context) {
    const { fixture, cased } = context;
    for (const { statement, table, column } of fixture.statements.hidden) {
      const given: unknown[] = [];
      const masks = [named(context, table, column)];
      const sink = {
        columns: (columns: unknown) => given.push(columns),
        chunk: (bytes: Buffer) => void given.push(bytes),
      };
      const options = { statement, limits: NO_LIMITS, masks, maskKey, signal: never };
      await expect(fixture.connector.run(options, sink), statement).rejects.toMatchObject({
        ...{ code: 'POLICY_DENIED', message: expect.stringContaining(cased(column)) },
      });
      expect(given).toEqual([]);
    }
    const { customers } = fixture.statements;
    expect((await run(context, customers, [named(context, 'customer', 'name')])).rows).toBe(3);
  },
  async 'mask view'(context) {
    const { buyers = '' } = context.fixture.statements;
    const called = { ...mask(context, 'buyer', ''), column: 'Called' };
    const { data } = await run(context, buyers, [called, mask(context, 'buyer', 'number', 'null')]);
    expect(new Map(data.map(([one, number]) => [one, number]))).toEqual(
      new Map([0, 1, 2].map((index) => [name(index), null])),
    );
  },
  async 'mask errors'(context) {
    const { noColumn, noTable } = context.fixture.statements;
    const masks = [mask(context, 'customer', 'name')];
    if (noColumn !== undefined) {
      await expect(run(context, noColumn, masks)).rejects.toMatchObject({ code: 'COLUMN_NOT_FOUND' });
    }
    await expect(run(context, noTable, masks)).rejects.toMatchObject({ code: 'RELATION_NOT_FOUND' });
  },
  async 'mask many'(context) {
    const masks = [named(context, 'customer', 'name')];
    const { customer } = context.fixture.statements;
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => run(context, customer((index % 3) + 1), masks)),
    );
    expect(results.map(({ data }) => data)).toEqual(results.map((_, index) => [[name(index % 3)]]));
  },
};
