/** What MySQL 9 or MariaDB 11 reserve and PostgreSQL and SQLite do not, as names of tables and columns. */
const RESERVED = `accessible add asensitive before bigint binary blob call cascade change char character condition
  continue convert cube cume_dist cursor database databases day_hour day_microsecond day_minute day_second dec decimal
  declare delayed dense_rank describe deterministic distinctrow div double dual each elseif empty enclosed escaped exit
  explain first_value float float4 float8 force fulltext function generated get grouping high_priority hour_microsecond
  hour_minute hour_second if ignore infile inout insensitive int int1 int2 int3 int4 int8 integer interval io_after_gtids
  io_before_gtids iterate json_table keys kill lag last_value lead leave library linear lines load lock long longblob
  longtext loop low_priority manual master_bind maxvalue mediumblob mediumint mediumtext middleint minute_microsecond
  minute_second mod modifies no_write_to_binlog nth_value ntile numeric of offset optimize optimizer_costs option optionally
  out outfile page_checksum parallel parse_vcol_expr percent_rank precision procedure purge qualify range rank read reads
  read_write real recursive regexp release rename repeat replace require resignal restrict return revoke rlike row_number
  schema schemas second_microsecond sensitive separator show signal smallint spatial specific sql sqlexception sqlstate
  sqlwarning ssl starting stored straight_join system terminated tinyblob tinyint tinytext trigger undo unlock unsigned
  usage use utc_date utc_time utc_timestamp varbinary varchar varcharacter varying vector virtual while write xor
  year_month zerofill`;

/** What needs no quotes there, beside what is reserved elsewhere too. */
export const PLAIN_MYSQL_NAME = new RegExp(`^(?!(?:${RESERVED.split(/\s+/).join('|')})$)[a-z_][a-z0-9_]*$`, 'i');

export const quoteMysqlName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
