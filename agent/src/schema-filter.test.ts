import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchemaFilter } from './schema-filter.ts';

const shows = (TABLE_FILTER: string, ...names: string[]): string[] => {
  const { includes } = parseSchemaFilter({ TABLE_FILTER }, 'postgres');
  return names.filter((name) => {
    const [schema = '', table = ''] = name.split('.');
    return includes({ schema, name: table });
  });
};

describe('TABLE_FILTER', () => {
  it.each([
    ['shop.*', ['shop.a', 'shop.tmp_b']],
    ['shop.*, !*.tmp_*', ['shop.a']],
    ['!tmp_*', ['shop.a', 'hr.a']],
    ['a, tmp_?', ['shop.a', 'shop.tmp_b', 'hr.a']],
    [' !shop.* ,, ', ['hr.a']],
    ['SHOP.A', ['shop.a']],
  ])('%s', (filter, left) => {
    expect(shows(filter, 'shop.a', 'shop.tmp_b', 'hr.a')).toEqual(left);
  });

  it('takes what is in double quotes as it is, commas too', () => {
    const { includes } = parseSchemaFilter({ TABLE_FILTER: '"a,b*", c' }, 'sqlite');
    expect(['a,b*', 'a,bc', 'c', 'a'].filter((name) => includes({ schema: null, name }))).toEqual(['a,b*', 'c']);
  });

  it.each(['a b', 'a..b', 'a.b.c.d', '!'])('says what is wrong with %j', (TABLE_FILTER) => {
    expect(() => parseSchemaFilter({ TABLE_FILTER }, 'postgres')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('TABLE_FILTER') }),
    );
  });

  it('leaves out whatever it includes, for any name, when it excludes the same', () => {
    const name = fc.stringMatching(/^[a-z_]{1,8}$/);
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(shows(`${a}, !${a}`, `s.${a}`, `s.${b}`)).toEqual([]);
        expect(shows(`!${a}`, `s.${b}`)).toEqual(a === b ? [] : [`s.${b}`]);
      }),
    );
  });
});

describe('SCHEMA_NAME', () => {
  it('is one or several names', () => {
    const { schemas, includes } = parseSchemaFilter({ SCHEMA_NAME: 'shop, "Other, one"' }, 'postgres');
    expect(schemas).toEqual(['shop', 'Other, one']);
    expect(includes({ schema: 'hr', name: 'staff' })).toBe(false);
  });

  it('means nothing to an engine without schemas', () => {
    expect(() => parseSchemaFilter({ SCHEMA_NAME: 'main' }, 'sqlite')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', hint: expect.stringContaining('TABLE_FILTER') }),
    );
  });
});
