/**
 * What a superuser can still do with both guards taken away: functions that act beyond the transaction, called by a
 * query. docs/security.md tells the same list. Each has a statement that does it, which the test runs.
 */
export interface Pass {
  /** As docs/security.md names it. */
  readonly name: string;
  readonly why: string;
  /** `CANARY` is a folder the server may write to, `SELF` a connection string to the same server. */
  readonly statement: string;
  /** The piece of the state that it changes; null where what it does cannot be seen in it. */
  readonly changes: RegExp | null;
  /** Where a plain owner, not a superuser, can do it too. */
  readonly ownerToo?: true;
}

export const PASSES: readonly Pass[] = [
  {
    name: 'dblink',
    why: 'the other session has a transaction of its own',
    statement: "SELECT dblink_exec('SELF', 'CREATE TABLE by_dblink (a int)')",
    changes: /pg_catalog\.pg_class/,
  },
  {
    name: 'lo_export',
    why: 'files are outside any transaction; PostgreSQL 16 and later refuse it in a read-only one',
    statement: "SELECT lo_export((SELECT min(oid) FROM pg_largeobject_metadata), 'CANARY/by_lo_export')",
    changes: /file by_lo_export/,
  },
  {
    name: 'pg_file_write',
    why: 'as all of adminpack, it writes files',
    statement: "SELECT pg_file_write('CANARY/by_adminpack', 'x', false)",
    changes: /file by_adminpack/,
  },
  {
    name: 'pg_read_file',
    why: 'reading changes nothing, but shows what no table holds',
    statement: "SELECT pg_read_file('postgresql.conf')",
    changes: null,
  },
  {
    name: 'pg_create_physical_replication_slot',
    why: 'slots are kept in files of their own; so do the other functions of replication slots',
    statement: "SELECT pg_create_physical_replication_slot('passed')",
    changes: /replication slots/,
  },
  {
    name: 'pg_switch_wal',
    why: 'the write-ahead log is outside any transaction',
    statement: 'SELECT pg_switch_wal()',
    changes: null,
  },
  {
    name: 'pg_create_restore_point',
    why: 'writes a record to the write-ahead log',
    statement: "SELECT pg_create_restore_point('passed')",
    changes: null,
  },
  {
    name: 'pg_logical_emit_message',
    why: 'writes a record to the write-ahead log',
    statement: "SELECT pg_logical_emit_message(false, 'passed', 'passed')",
    changes: null,
    ownerToo: true,
  },
  {
    name: 'pg_backup_start',
    why: 'makes a checkpoint, and the session stays in backup mode',
    statement: "SELECT pg_backup_start('passed', true)",
    changes: /last checkpoint/,
  },
  {
    name: 'pg_stat_reset',
    why: 'counters are outside any transaction; so do the other functions that reset some',
    statement: 'SELECT pg_stat_reset()',
    changes: /counters/,
  },
  {
    name: 'pg_reload_conf',
    why: 'signals the server',
    statement: 'SELECT pg_reload_conf()',
    changes: /last reload/,
  },
  { name: 'pg_rotate_logfile', why: 'signals the server', statement: 'SELECT pg_rotate_logfile()', changes: null },
  {
    name: 'pg_terminate_backend',
    why: 'signals other sessions, as pg_cancel_backend and pg_log_backend_memory_contexts do',
    statement: 'SELECT pg_terminate_backend(0)',
    changes: null,
    ownerToo: true,
  },
  {
    name: 'pg_surgery',
    why: 'its functions change pages beneath the transactions',
    statement: "SELECT heap_force_kill('scrap'::regclass, ARRAY['(0,1)']::tid[])",
    changes: /public\.scrap/,
  },
  {
    name: 'setseed',
    why: 'the random numbers of the session’s later queries follow from it',
    statement: 'SELECT setseed(0.5)',
    changes: null,
    ownerToo: true,
  },
];

/**
 * No queries, and the read-only transaction alone lets them through. Their first word keeps them from the server.
 * ANALYZE and REINDEX leave estimates behind that no ROLLBACK undoes, a DO block or a procedure calls what it likes.
 */
export const MODE_PASSES: Readonly<Record<string, string>> = {
  VacuumStmt: 'ANALYZE',
  ReindexStmt: 'REINDEX',
  CheckPointStmt: 'CHECKPOINT',
  LoadStmt: 'LOAD',
  PrepareStmt: 'PREPARE',
  DeallocateStmt: 'DEALLOCATE',
  ExecuteStmt: 'EXECUTE',
  DoStmt: 'DO',
  CallStmt: 'CALL',
  CopyStmt: 'COPY … TO',
  TransactionStmt: 'PREPARE TRANSACTION',
};

/** Calls of what is on the list, and of its kin that `why` tells of. */
export const PASSING =
  /\b(dblink\w*|lo_export|pg_file_\w+|pg_\w*replication_slot\w*|pg_copy_\w+slot|pg_logical_(slot|emit)\w+|pg_replication_slot_advance|pg_switch_wal|pg_create_restore_point|pg_backup_\w+|pg_st(art|op)_backup|pg_stat_\w*reset\w*|pg_reload_conf|pg_rotate_logfile\w*|pg_(terminate|cancel|log)_backend\w*|heap_force_\w+|setseed|pg_promote)\s*\(/i;
