// A session of the owner's finds nothing by a name that somebody else could give to something of his own: where others may
// create in schema public, a function there that fits better than Postgres' own would be run as the owner.

/** What such a session says first. After it, tables outside pg_catalog are named with their schema. */
export const OWNER_PATH = 'set search_path = pg_catalog';
