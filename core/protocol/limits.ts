/** Every bound of the protocol in one place. Sizes in bytes, times in milliseconds. */

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** Payload of one data frame at most. */
export const CHUNK_BYTES = 64 * KIB;
/** Data frames in flight per stream before the receiver has granted more. */
export const CREDIT_CHUNKS = 16;
/** One WebSocket message at most, control or data. */
export const MAX_FRAME_BYTES = 1024 * KIB;
/** One encoded row at most; a larger one ends the query with RESULT_TOO_LARGE. */
export const MAX_ROW_BYTES = 16 * MIB;
/** A statement or a question at most. */
export const MAX_STATEMENT_BYTES = 64 * KIB;
export const MAX_QUESTION_CHARACTERS = 4_000;
/** What one agent may have under way: statements that run or wait for their turn, and look-ups. */
export const MAX_STREAMS_PER_AGENT = 512;
/** Of these at most, whatever an agent is set to: statements that run, and that wait. */
export const HARD_MAX_STATEMENTS = 64;
export const HARD_MAX_WAITING = 400;
/** With its database. */
export const HARD_MAX_SESSIONS = 72;
/** What an agent tells of itself, each. */
export const MAX_LABEL_CHARACTERS = 500;
/** Agents of one connection that are linked at the same time. */
export const MAX_AGENTS_PER_CONNECTION = 16;
/** All pages of one schema, as JSON. */
export const MAX_SCHEMA_BYTES = 32 * MIB;
/** Message and hint of an error on the link: a database may quote a whole value in one. */
export const MAX_ERROR_CHARACTERS = 4_000;

export const PING_EVERY_MS = 15_000;
/** Pings left unanswered after which the other side counts as dead. */
export const DEAD_AFTER_PINGS = 2;
/** Between two words about it, unless its state has changed. */
export const HEALTH_TOLD_EVERY_MS = 1_000;
/** From the upgrade to hello, and from hello to welcome. */
export const HANDSHAKE_MS = 5_000;
/** From a query message to its `accepted`. */
export const ACKNOWLEDGE_MS = 2_000;

export const DEFAULT_TIMEOUT_MS = 30_000;
export const MAX_TIMEOUT_MS = 60 * 60_000;
/** Rows of one JSON answer unless the client asks for another number. */
export const DEFAULT_MAX_ROWS = 10_000;
/** What one query may move at most, whatever the client asks for; an agent may be set lower or higher. */
export const HARD_MAX_ROWS = 50_000_000;
export const HARD_MAX_RESULT_BYTES = 8 * 1024 * MIB;
/** A buffered (non-streaming) JSON answer at most. */
export const MAX_JSON_ANSWER_BYTES = 64 * MIB;
/** After a drain message, running queries get this long to finish. */
export const DRAIN_MS = 30_000;
