/**
 * How texts may be read as values of a type, and when nothing is lost by it: a family asks for some figures of a column and
 * decides by them. `x` is the SQL of a text that is trimmed and neither empty nor one of NULL_MARKERS.
 */
export interface TypeFamily {
  readonly name: string;
  /** What every text of it looks like; more may look so. */
  readonly form: RegExp;
  /** Aggregates. */
  readonly figures: (x: string) => readonly string[];
  /** By the figures, in their order. Null: the texts are none of this. */
  readonly choose: (figures: readonly unknown[]) => TypeChoice | null;
}

export interface TypeChoice {
  readonly type: string;
  readonly cast: (x: string) => string;
  /** It may be this or another: the column stays text, and the user is told. */
  readonly doubt?: string;
}

/** What spreadsheets and statistics programs write for "no value". In a column of texts they are texts. */
export const NULL_MARKERS = ['NA', 'N/A', 'n/a', '#N/A', 'NULL', 'null', 'None', 'NaN', 'nan'] as const;

/** Of the texts that there are. */
const all = (x: string, condition: string): string => `bool_and(${x} IS NULL OR coalesce(${condition}, false))`;
const matches = (x: string, pattern: string): string => `regexp_full_match(${x}, '${pattern}')`;
const isTrue = (figure: unknown): boolean => figure === true;
const count = (figure: unknown): number => Number(figure ?? 0);

const castTo = (type: string) => (x: string) => `CAST(${x} AS ${type})`;
const choice = (type: string, cast = castTo(type)): TypeChoice => ({ type, cast });

const boolean: TypeFamily = {
  name: 'boolean',
  form: /^(?:true|false)$/i,
  figures: (x) => [all(x, `lower(${x}) IN ('true', 'false')`)],
  choose: ([holds]) => (isTrue(holds) ? choice('BOOLEAN', (x) => `(lower(${x}) = 'true')`) : null),
};

/** Only as a number would be written: 007 and +49 are codes, and stay as they are. */
const integer: TypeFamily = {
  name: 'integer',
  form: /^-?(?:0|[1-9]\d*)$/,
  figures: (x) => [
    all(x, `TRY_CAST(${x} AS BIGINT)::VARCHAR = ${x}`),
    all(x, `coalesce(TRY_CAST(${x} AS BIGINT)::VARCHAR, TRY_CAST(${x} AS HUGEINT)::VARCHAR) = ${x}`),
  ],
  choose: ([small, large]) => (isTrue(small) ? choice('BIGINT') : isTrue(large) ? choice('HUGEINT') : null),
};

const PLAIN = '-?(0|[1-9]\\d*)?(\\.\\d+)?';
/** Far from where doubles end. */
const WITH_EXPONENT = '-?(0|[1-9]\\d*)?(\\.\\d+)?([eE][+-]?\\d{1,2})?';
/** Amounts, whose sums should be exact. */
const MAX_AMOUNT = { scale: 4, digits: 18 };
const MAX_DECIMAL_DIGITS = 38;
/** So many digits come back from a double as they were: DBL_DIG. */
const EXACT_DIGITS = 15;

/** Without zeros at either end, which say where the point is. */
const significant = (x: string): string => `trim(regexp_replace(${x}, '[eE].*$|[^0-9]', '', 'g'), '0')`;
const scaleOf = (x: string): string => `length(split_part(${x}, '.', 2))`;

function chooseNumber(figures: readonly unknown[], plain: (x: string) => string = (x) => x): TypeChoice | null {
  const [isNumber, isPlain, scaleFigure, wholeFigure, isExact] = figures;
  if (!isTrue(isNumber)) return null;
  const scale = count(scaleFigure);
  const digits = count(wholeFigure) + scale;
  const decimal = (precision: number) => {
    const type = `DECIMAL(${precision},${scale})`;
    return choice(type, (x) => castTo(type)(plain(x)));
  };
  if (isTrue(isPlain) && scale <= MAX_AMOUNT.scale && digits <= MAX_AMOUNT.digits) return decimal(MAX_AMOUNT.digits);
  if (isTrue(isExact)) return choice('DOUBLE', (x) => castTo('DOUBLE')(plain(x)));
  return isTrue(isPlain) && digits <= MAX_DECIMAL_DIGITS ? decimal(MAX_DECIMAL_DIGITS) : null;
}

const numberFigures = (x: string, isNumber: string, isPlain: string): string[] => [
  all(x, isNumber),
  all(x, isPlain),
  `max(${scaleOf(x)})`,
  `max(length(split_part(${x}, '.', 1)))`,
  all(
    x,
    `CASE WHEN length(${x}) <= ${EXACT_DIGITS} OR TRY_CAST(${x} AS DOUBLE)::VARCHAR = ${x} THEN true
      ELSE ${significant(x)} = ${significant(`TRY_CAST(${x} AS DOUBLE)::VARCHAR`)} END`,
  ),
];

const number: TypeFamily = {
  name: 'number',
  form: /^-?(?:0|[1-9]\d*)?(?:\.\d+)?(?:e[+-]?\d+)?$/i,
  figures: (x) => numberFigures(x, `${matches(x, WITH_EXPONENT)} AND ${x} <> '-'`, matches(x, PLAIN)),
  choose: (figures) => chooseNumber(figures),
};

/** 12,50 as it is written beside semicolons. With three digits behind each comma it may as well part thousands. */
const commaNumber: TypeFamily = {
  name: 'decimal comma',
  form: /^-?(?:0|[1-9]\d*)(?:,\d+)?$/,
  figures: (x) => [
    ...numberFigures(`replace(${x}, ',', '.')`, matches(x, '-?(0|[1-9]\\d*)(,\\d+)?'), 'true'),
    all(x, matches(x, '-?[1-9]\\d{0,2}(,\\d{3})?')),
  ],
  choose: (figures) => {
    const chosen = chooseNumber(figures.slice(0, -1), (x) => `replace(${x}, ',', '.')`);
    if (chosen === null || !isTrue(figures.at(-1))) return chosen;
    return { ...chosen, doubt: 'its commas may be decimal ones or part thousands' };
  },
};

const isoDate: TypeFamily = {
  name: 'date',
  form: /^\d{4}-\d\d-\d\d$/,
  figures: (x) => [all(x, `TRY_CAST(${x} AS DATE)::VARCHAR = ${x}`)],
  choose: ([holds]) => (isTrue(holds) ? choice('DATE') : null),
};

const TIME_OF_DAY = '\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,6})?)?';
const isoTimestamp: TypeFamily = {
  name: 'timestamp',
  form: /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d[\d:.]*)?$/,
  figures: (x) => [
    all(x, `${matches(x, `\\d{4}-\\d\\d-\\d\\d([ T]${TIME_OF_DAY})?`)} AND TRY_CAST(${x} AS TIMESTAMP) IS NOT NULL`),
  ],
  choose: ([holds]) => (isTrue(holds) ? choice('TIMESTAMP') : null),
};

/** In UTC: DuckDB computes with a time zone only where it knows one. */
const zonedTimestamp: TypeFamily = {
  name: 'timestamp with time zone',
  form: /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*(?:Z|[+-]\d\d(?::?\d\d)?)$/,
  figures: (x) => [
    all(
      x,
      `${matches(x, `\\d{4}-\\d\\d-\\d\\d[ T]${TIME_OF_DAY} ?(Z|[+-]\\d\\d(:?\\d\\d)?)`)} AND TRY_CAST(${x} AS TIMESTAMPTZ) IS NOT NULL`,
    ),
  ],
  choose: ([holds]) =>
    isTrue(holds) ? choice('TIMESTAMP', (x) => `make_timestamp(epoch_us(CAST(${x} AS TIMESTAMPTZ)))`) : null,
};

const time: TypeFamily = {
  name: 'time',
  form: /^\d\d:\d\d/,
  figures: (x) => [all(x, `${matches(x, TIME_OF_DAY)} AND TRY_CAST(${x} AS TIME) IS NOT NULL`)],
  choose: ([holds]) => (isTrue(holds) ? choice('TIME') : null),
};

/** 03/04/2024: the day or the month first, as the column's values prove; with dots, the day. */
function writtenDate(separator: '/' | '-' | '.', clock: '' | ' %H:%M' | ' %H:%M:%S'): TypeFamily {
  const [dayFirst, monthFirst] = [`%d${separator}%m${separator}%Y`, `%m${separator}%d${separator}%Y`];
  const type = clock === '' ? 'DATE' : 'TIMESTAMP';
  const shape = `\\d{1,2}[${separator}]\\d{1,2}[${separator}]\\d{4}${clock === '' ? '' : ' .*'}`;
  const parses = (x: string, format: string) =>
    all(x, `${matches(x, shape)} AND try_strptime(${x}, '${format}${clock}') IS NOT NULL`);
  const read = (format: string): TypeChoice => choice(type, (x) => `strptime(${x}, '${format}${clock}')::${type}`);
  return {
    name: `date with ${separator}${clock}`,
    form: new RegExp(`^\\d{1,2}[${separator}]\\d{1,2}[${separator}]\\d{4}${clock === '' ? '$' : ' '}`),
    figures: (x) => [parses(x, dayFirst), separator === '.' ? 'false' : parses(x, monthFirst)],
    choose: ([day, month]) => {
      if (!isTrue(day) && !isTrue(month)) return null;
      const chosen = read(isTrue(day) ? dayFirst : monthFirst);
      return isTrue(day) && isTrue(month)
        ? { ...chosen, doubt: 'its dates may begin with the day or with the month' }
        : chosen;
    },
  };
}

const yearFirst: TypeFamily = {
  name: 'date with / and the year first',
  form: /^\d{4}\/\d/,
  figures: (x) => [all(x, `${matches(x, '\\d{4}/\\d\\d?/\\d\\d?')} AND try_strptime(${x}, '%Y/%m/%d') IS NOT NULL`)],
  choose: ([holds]) => (isTrue(holds) ? choice('DATE', (x) => `strptime(${x}, '%Y/%m/%d')::DATE`) : null),
};

export const NUMBER_FAMILIES: readonly TypeFamily[] = [integer, number];

/** By preference. */
export const DATE_FAMILIES: readonly TypeFamily[] = [
  isoDate,
  isoTimestamp,
  zonedTimestamp,
  ...(['/', '-', '.'] as const).flatMap((separator) =>
    (['', ' %H:%M', ' %H:%M:%S'] as const).map((clock) => writtenDate(separator, clock)),
  ),
  yearFirst,
  time,
];

export const TEXT_FAMILIES: readonly TypeFamily[] = [boolean, ...NUMBER_FAMILIES, ...DATE_FAMILIES];

/** Where commas do not part the fields. */
export const COMMA_FAMILIES: readonly TypeFamily[] = [boolean, integer, number, commaNumber, ...DATE_FAMILIES];
