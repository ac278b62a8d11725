import fc from 'fast-check';

/**
 * Pieces of SELECTs as MySQL and MariaDB read them, over t, u and secret, each (a, b, id, k, d, data). Put together at
 * random they are seldom a statement, but then one that nobody thought of.
 */
const PIECES = `
a|b|id|d|k|t.a|s.k|S.k|x.k|secret.k|secret.id|*|s.*|t.*|1|2|0|1e1|.5|0x41|x'41'|b'1'|'x'|"y"|'it''s'|'\\''|N'n'|_utf8mb4'x'|_latin1 'x'
_utf8mb4|_nix'x'|_nix|null|true|\\N|@v|@@version|now()|count(*)|count (*)|max(a)|sum( a )|concat(a, b)|if(a, b, 1)|left(b, 1)
(|)|(|)|,|,|.|+|-|*|/|%|div|mod|||&&|and|or|xor|not|!|~|&|^|<<|=|<=>|<>|<|in|in (1)|in (select k from secret)|like 'x'|regexp 'x'
sounds like b|is null|is not true|between 1 and 2|collate utf8mb4_bin|binary|exists (select 1)|= any (select k from secret)
case when a then b end|case a when 1 then b else k end|cast(a as char(3))|cast(a as signed)|convert(a, char)|convert(b using utf8mb4)|interval 1 day|interval a day_hour
date '2024-01-01'|{d '2024-01-01'}|extract(year from a)|trim(both 'x' from b)|substring(b from 1 for 2)|position('x' in b)|row(1, 2)|(1, 2)
group_concat(a order by b separator ',')|match (b) against ('x' in boolean mode)|json_value(data, '$.a')|char(65 using utf8mb4)
select|select|select|select a|select k|select *|select distinct|select all|sql_no_cache|straight_join|from|from|from t|from secret|from secret s|from secret as s, t|from dual
from t S, secret s|from t join secret s on t.id = s.id|from t natural join secret|from t join secret using (id)|from (select * from secret) x
from (t, secret)|from (t join u on 1)|from t use index (i)|left join u on t.a = u.a|cross join secret|, secret|, u as s|, lateral|inner join
as|as x|x|s|x (k)|where|where a = 1|where k = 1|group by|group by 1|group by a with rollup|having|having k|order by|order by 1|order by k desc|limit 1|limit 1, 2|limit 1 offset 2
union|union all|except|intersect|with s as (select 1 as k)|with secret as (select 1 as k)|with recursive q (k) as (select 1 union select k + 1 from q where k < 3)|, q as (select 2)|values (1)|table|table secret
over ()|over (partition by a order by b)|over w|window w as (order by a)|rows between 1 preceding and current row|row_number() over (order by a)|offset 1 rows|fetch first 1 row only
-- x
|--|-- |#|/* */|/**/|/*|*/|;|\`k\`|\`t\`.\`a\`|\`secret\`|\`a b\`|t.1a|1a|0xz|$|$a|?|:=|[|]|{|}|sleep(0)|own(1)|\`own\`(1)|for update|into @v|for system_time all|lock in share mode
"|'|\`|\\|''|""|\\"|\u00a0|\u00e9|@'v'|@\`v\`|@@|!=|->|->>|null|default|\n|\t|n|x|b|_|.5.|1.|1.e|t .a|t. a|a.b.c|e|0x|0b|0b2|x'4'|--1|- -1|---1|/*!1*/|/*M!1*/|/*+ bka(t) */`
  .split(/[|\n](?!\|)/)
  .filter((piece) => piece !== '');

const piece = fc.constantFrom(...PIECES);
/** With blanks or without: where one token ends and the next begins is half of what is tested. */
const joined = fc
  .array(fc.tuple(piece, fc.constantFrom(' ', ' ', ' ', '')), { minLength: 1, maxLength: 10 })
  .map((pieces) => pieces.map(([text, space]) => text + space).join(''));

export const arbitraryPieces = fc
  .tuple(fc.constantFrom('select ', 'select a ', 'select 1, ', 'select * ', ''), joined)
  .map((parts) => parts.join(''));
